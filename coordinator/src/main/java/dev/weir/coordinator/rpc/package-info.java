/** The workers' streams: start at {@link dev.weir.coordinator.rpc.TrainingServer}. */
@NullMarked
package dev.weir.coordinator.rpc;

import org.jspecify.annotations.NullMarked;
