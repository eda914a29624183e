package dev.weir.bench.allreduce;

import java.io.IOException;

/** Somebody's all-reduce. */
public interface Library {

  /** How the table names it. */
  String name();

  /** Starts N ranks on this machine. */
  Ranks start(int count) throws IOException;

  /**
   * What all processes together must send for one round, at least, with this library's topology.
   *
   * @param count number of ranks, N
   * @param bytes of each rank's vector
   * @param remark of the ranks that did it
   */
  long leastBytes(int count, long bytes, String remark);
}
