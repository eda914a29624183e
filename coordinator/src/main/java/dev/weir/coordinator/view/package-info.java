/**
 * A run as people see it: figures and pictures, for the dashboard and for the report. {@link
 * dev.weir.coordinator.view.RunWatch} collects, {@link dev.weir.coordinator.view.RunPage} draws.
 */
@NullMarked
package dev.weir.coordinator.view;

import org.jspecify.annotations.NullMarked;
