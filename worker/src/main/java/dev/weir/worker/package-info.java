/** The process that computes gradients: start at {@link dev.weir.worker.WorkerMain}. */
@NullMarked
package dev.weir.worker;

import org.jspecify.annotations.NullMarked;
