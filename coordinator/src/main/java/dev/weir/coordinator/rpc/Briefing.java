package dev.weir.coordinator.rpc;

/**
 * What a worker is told when it is let in.
 *
 * @param job the resolved job, in YAML
 * @param chunkLength values per chunk
 * @param digests what the worker must find on its own side
 */
public record Briefing(String job, int chunkLength, Digests digests) {}
