/**
 * Weir on a Spark cluster: start at {@link dev.weir.spark.WeirOnSpark}.
 *
 * <p>What is here runs inside Spark's JVMs and uses only Java, Spark and picocli. Coordinator and
 * workers are processes of their own with Weir's libraries, so that neither side's versions of
 * Jackson, protobuf or Netty meet the other's, and libtorch stays out of the executors.
 */
@NullMarked
package dev.weir.spark;

import org.jspecify.annotations.NullMarked;
