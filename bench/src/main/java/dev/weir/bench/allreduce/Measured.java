package dev.weir.bench.allreduce;

/**
 * One cell of the table.
 *
 * @param times of its rounds
 * @param overhead bytes on the wire, all headers included, over the least that the topology needs;
 *     NaN where the kernel does not tell
 * @param remark what a reader must know beside it; mostly nothing
 */
record Measured(Times times, double overhead, String remark) {}
