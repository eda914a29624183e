/** Adds contributions chunk by chunk: {@link dev.weir.reduction.StepReduction}. */
@NullMarked
package dev.weir.reduction;

import org.jspecify.annotations.NullMarked;
