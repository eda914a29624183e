/** What is told about a run while it goes on: start at {@link RunListener}. */
@NullMarked
package dev.weir.coordinator.progress;

import org.jspecify.annotations.NullMarked;
