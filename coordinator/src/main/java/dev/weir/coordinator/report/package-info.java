/** What a run leaves for people: start at {@link dev.weir.coordinator.report.Report}. */
@NullMarked
package dev.weir.coordinator.report;

import org.jspecify.annotations.NullMarked;
