/** Faults on purpose, and what they cost: start at {@link dev.weir.bench.chaos.ChaosCommand}. */
@NullMarked
package dev.weir.bench.chaos;

import org.jspecify.annotations.NullMarked;
