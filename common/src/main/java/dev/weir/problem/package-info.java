/** Mistakes that a person can mend: {@link dev.weir.problem.UserException}. */
@NullMarked
package dev.weir.problem;

import org.jspecify.annotations.NullMarked;
