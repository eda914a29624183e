package dev.weir.state;

/**
 * Where a delta comes from. Digests are SHA-256 in lower-case hexadecimal.
 *
 * @param baseDigest the model that it is a delta on
 * @param layoutDigest the numbering of that model's parameters
 * @param maskDigest the coordinates that were trained
 * @param stateDigest the training state that it was taken from
 * @param step number of steps that had passed
 * @param job the job, in YAML
 */
public record DeltaInfo(
    String baseDigest,
    String layoutDigest,
    String maskDigest,
    String stateDigest,
    long step,
    String job) {}
