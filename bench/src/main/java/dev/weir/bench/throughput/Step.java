package dev.weir.bench.throughput;

/**
 * A step that was done.
 *
 * @param number from 0
 * @param loss mean over its samples, before its update
 * @param seconds since the end of the line before
 * @param computeSeconds of that, forward, backward and update
 */
record Step(long number, double loss, double seconds, double computeSeconds) {}
