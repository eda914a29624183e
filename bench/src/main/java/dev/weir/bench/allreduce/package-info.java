/**
 * All-reduces without a model, of gloo and Open MPI: start at {@link
 * dev.weir.bench.allreduce.AllReduceCommand}.
 */
@NullMarked
package dev.weir.bench.allreduce;

import org.jspecify.annotations.NullMarked;
