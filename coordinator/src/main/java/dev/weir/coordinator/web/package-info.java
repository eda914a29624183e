/**
 * What a running coordinator shows over HTTP: start at {@link
 * dev.weir.coordinator.web.AdminServer}.
 */
@NullMarked
package dev.weir.coordinator.web;

import org.jspecify.annotations.NullMarked;
