/** The training loop, {@link dev.weir.worker.train.TrainingLoop}. */
@NullMarked
package dev.weir.worker.train;

import org.jspecify.annotations.NullMarked;
