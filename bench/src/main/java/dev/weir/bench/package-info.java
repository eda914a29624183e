/** Whole-system and micro benchmarks: start at {@link dev.weir.bench.Bench}. */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
