package dev.weir.bench.scale;

/**
 * What a step needs of network and machines, in seconds.
 *
 * @param waiting for messages under way, of whatever size
 * @param link of the busiest link in its busier direction
 * @param busiest of the processor of the machine that has most to do; each has one event loop
 * @param all of all machines' processors together
 */
record Demand(double waiting, double link, double busiest, double all) {
  /** How long the step takes if each process has a machine of its own. */
  double apart() {
    return waiting + Math.max(link, busiest);
  }

  /** How long it takes if all processes share the cores of one machine. */
  double together(int cores) {
    return Math.max(apart(), waiting + all / cores);
  }

  /** What limits the step on machines of their own. */
  String limit() {
    if (waiting >= Math.max(link, busiest)) {
      return "round trips";
    }
    return link >= busiest ? "network" : "processor";
  }
}
