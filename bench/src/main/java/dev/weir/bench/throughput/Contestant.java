package dev.weir.bench.throughput;

import dev.weir.bench.machine.Hosts;
import java.io.IOException;

/** A way to train. */
interface Contestant {

  /** How the table names it. */
  String name();

  /** Starts training with a worker on each host but host 0, which is free for a coordinator. */
  Trial start(Hosts hosts, int workers) throws IOException;
}
