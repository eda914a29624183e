/** A job's model and data, loaded: {@link dev.weir.task.Task}. */
@NullMarked
package dev.weir.task;

import org.jspecify.annotations.NullMarked;
