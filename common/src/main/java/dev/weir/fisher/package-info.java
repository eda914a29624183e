/** How much each parameter matters: start at {@link dev.weir.fisher.FisherScores}. */
@NullMarked
package dev.weir.fisher;

import org.jspecify.annotations.NullMarked;
