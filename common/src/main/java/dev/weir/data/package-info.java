/**
 * Labelled text and the order in which it is trained on: start at {@link dev.weir.data.Sampler}.
 */
@NullMarked
package dev.weir.data;

import org.jspecify.annotations.NullMarked;
