package dev.weir.bench.allreduce;

import java.io.IOException;

/** N processes that can add their vectors. */
public interface Ranks extends AutoCloseable {

  /**
   * Adds vectors of some size again and again.
   *
   * @param bytes of each vector, a multiple of 4
   * @return seconds of each round, of the rank that took longest
   * @throws IOException if a process is gone
   */
  double[] rounds(int bytes, int rounds) throws IOException;

  /**
   * What all processes together must send for one round, at least, with the topology of the latest
   * rounds.
   *
   * @param bytes of each rank's vector
   */
  long leastBytes(long bytes) throws IOException;

  /** What a reader must know of the latest rounds beside their times; mostly nothing. */
  default String remark() throws IOException {
    return "";
  }

  @Override
  void close();
}
