/** Processes that start others: {@link dev.weir.process.JavaProcess}. Needs nothing but Java. */
@NullMarked
package dev.weir.process;

import org.jspecify.annotations.NullMarked;
