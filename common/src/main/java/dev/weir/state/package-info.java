/**
 * What training changes, and the files it is kept in: start at {@link
 * dev.weir.state.TrainingState}.
 */
@NullMarked
package dev.weir.state;

import org.jspecify.annotations.NullMarked;
