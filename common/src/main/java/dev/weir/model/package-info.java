/** Models that can be trained: start at {@link dev.weir.model.TrainableModel}. */
@NullMarked
package dev.weir.model;

import org.jspecify.annotations.NullMarked;
