package dev.weir.coordinator.rpc;

import dev.weir.wire.Link;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has when it begins.
 *
 * @param digests of what it must have like the coordinator
 * @param step of the state that it has
 * @param fingerprint of the state that it has, as {@code TrainingState.fingerprint}
 * @param address where other workers reach it; empty if they do not
 * @param link its way to the coordinator; null if it does not tell
 */
public record Readiness(
    Digests digests, long step, long fingerprint, String address, @Nullable Link link) {}
