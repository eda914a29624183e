/** The numbering of a model's parameters: start at {@link dev.weir.parameter.ParameterLayout}. */
@NullMarked
package dev.weir.parameter;

import org.jspecify.annotations.NullMarked;
