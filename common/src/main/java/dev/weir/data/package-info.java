/**
 * Labelled text and the order in which it is trained on: a {@link dev.weir.data.DataSource} gives a
 * {@link dev.weir.data.Dataset}, an {@link dev.weir.data.Encoder} its tokens, a {@link
 * dev.weir.data.Sampler} the samples of each shard.
 */
@NullMarked
package dev.weir.data;

import org.jspecify.annotations.NullMarked;
