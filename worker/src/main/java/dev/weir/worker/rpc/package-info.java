/** The stream to the coordinator: start at {@link dev.weir.worker.rpc.CoordinatorLink}. */
@NullMarked
package dev.weir.worker.rpc;

import org.jspecify.annotations.NullMarked;
