package dev.weir.job;

/** Who adds up the contributions of the workers. */
public enum Topology {
  /** The coordinator; workers only dial out. */
  HUB,
  /** The workers, each a slice of the vector; they must reach each other. */
  DIRECT,
  /** Whichever of the two a cost model expects to be faster, as workers come and go. */
  AUTO
}
