/**
 * Real training over shaped links, ours beside PyTorch's: start at {@link
 * dev.weir.bench.throughput.ThroughputCommand}.
 */
@NullMarked
package dev.weir.bench.throughput;

import org.jspecify.annotations.NullMarked;
