package dev.weir.spark;

import java.io.Serializable;

/**
 * How a worker ended that Spark need not try again.
 *
 * @param mistake what the user has to mend, in words; empty if the run is over
 */
record WorkerEnd(String mistake) implements Serializable {
  boolean isMistake() {
    return !mistake.isEmpty();
  }
}
