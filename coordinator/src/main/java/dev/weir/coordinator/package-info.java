/**
 * One training job from its first line to its last: start at {@link
 * dev.weir.coordinator.Coordinator}.
 */
@NullMarked
package dev.weir.coordinator;

import org.jspecify.annotations.NullMarked;
