/** The hot path of a step, piece by piece: start at {@link dev.weir.bench.micro.MicroCommand}. */
@NullMarked
package dev.weir.bench.micro;

import org.jspecify.annotations.NullMarked;
