package dev.weir.bench.allreduce;

import java.io.IOException;

/** Somebody's all-reduce. */
public interface Library {

  /** How the table names it. */
  String name();

  /** Starts N ranks on this machine. */
  Ranks start(int count) throws IOException;
}
