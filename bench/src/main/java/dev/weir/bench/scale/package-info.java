/**
 * A hub with many more workers than this machine could train with, and what follows for other
 * networks: start at {@link dev.weir.bench.scale.ScaleCommand}.
 */
@NullMarked
package dev.weir.bench.scale;

import org.jspecify.annotations.NullMarked;
