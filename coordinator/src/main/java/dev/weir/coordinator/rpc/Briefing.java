package dev.weir.coordinator.rpc;

import java.security.SecureRandom;

/**
 * What a worker is told when it is let in.
 *
 * @param job the resolved job, in YAML
 * @param chunkLength values per chunk
 * @param digests what the worker must find on its own side
 * @param life tells this life of the coordinator from others
 */
public record Briefing(String job, int chunkLength, Digests digests, long life) {
  private static final SecureRandom LIVES = new SecureRandom();

  /** Of a new life. */
  public Briefing(String job, int chunkLength, Digests digests) {
    this(job, chunkLength, digests, LIVES.nextLong());
  }
}
