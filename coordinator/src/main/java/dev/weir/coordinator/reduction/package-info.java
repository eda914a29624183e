/** Adds contributions chunk by chunk: {@link dev.weir.coordinator.reduction.StepReduction}. */
@NullMarked
package dev.weir.coordinator.reduction;

import org.jspecify.annotations.NullMarked;
