/**
 * All-reduces without a model, Weir's, gloo's and Open MPI's: start at {@link
 * dev.weir.bench.allreduce.AllReduceCommand}.
 */
@NullMarked
package dev.weir.bench.allreduce;

import org.jspecify.annotations.NullMarked;
