/** Sums that do not depend on order: start at {@link dev.weir.sum.BlockExponents}. */
@NullMarked
package dev.weir.sum;

import org.jspecify.annotations.NullMarked;
