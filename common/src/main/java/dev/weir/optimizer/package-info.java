/** Optimizers over k values: start at {@link dev.weir.optimizer.SparseOptimizer}. */
@NullMarked
package dev.weir.optimizer;

import org.jspecify.annotations.NullMarked;
