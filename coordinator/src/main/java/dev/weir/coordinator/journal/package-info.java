/** What survives the process: {@link dev.weir.coordinator.journal.Journal}. */
@NullMarked
package dev.weir.coordinator.journal;

import org.jspecify.annotations.NullMarked;
