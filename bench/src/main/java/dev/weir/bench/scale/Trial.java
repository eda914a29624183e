package dev.weir.bench.scale;

import java.io.IOException;

/** Processes that exchange, and are measured at it. */
interface Trial extends AutoCloseable {

  /**
   * Measures steps of one shape.
   *
   * @param warmUp seconds before anything counts
   * @param seconds to measure
   * @throws IOException if a process ends, as one does when a worker fails
   */
  Point measure(Point.Shape shape, double warmUp, double seconds) throws IOException;

  @Override
  void close();
}
