/**
 * Processes of Weir: how one starts others ({@link dev.weir.process.JavaProcess}) and what its JVM
 * optimizes ({@link dev.weir.process.Compilation}). Needs nothing but Java.
 */
@NullMarked
package dev.weir.process;

import org.jspecify.annotations.NullMarked;
