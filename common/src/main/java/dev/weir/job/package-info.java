/** The job file: start at {@link dev.weir.job.Job}. */
@NullMarked
package dev.weir.job;

import org.jspecify.annotations.NullMarked;
