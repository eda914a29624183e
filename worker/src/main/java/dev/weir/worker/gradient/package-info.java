/** From samples to fixed-point sums: {@link dev.weir.worker.gradient.ShardGradients}. */
@NullMarked
package dev.weir.worker.gradient;

import org.jspecify.annotations.NullMarked;
