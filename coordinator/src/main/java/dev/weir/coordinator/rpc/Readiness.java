package dev.weir.coordinator.rpc;

/**
 * What a worker has when it begins.
 *
 * @param digests of what it must have like the coordinator
 * @param step of the state that it has
 * @param fingerprint of the state that it has, as {@code TrainingState.fingerprint}
 * @param address where other workers reach it; empty if they do not
 */
public record Readiness(Digests digests, long step, long fingerprint, String address) {}
