/** The trained coordinates and the ways to choose them: start at {@link dev.weir.mask.Mask}. */
@NullMarked
package dev.weir.mask;

import org.jspecify.annotations.NullMarked;
