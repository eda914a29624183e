/** Which of a benchmark's contestants take part. */
@NullMarked
package dev.weir.bench.selection;

import org.jspecify.annotations.NullMarked;
