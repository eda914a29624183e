/**
 * How well a model does on the data held out from it: start at {@link
 * dev.weir.evaluation.Evaluation}.
 */
@NullMarked
package dev.weir.evaluation;

import org.jspecify.annotations.NullMarked;
