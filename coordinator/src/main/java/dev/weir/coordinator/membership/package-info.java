/** Who works on what: a pure state machine, {@link dev.weir.coordinator.membership.Membership}. */
@NullMarked
package dev.weir.coordinator.membership;

import org.jspecify.annotations.NullMarked;
