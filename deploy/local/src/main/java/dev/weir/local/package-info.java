/** Coordinator and workers as processes of one machine: start at {@link dev.weir.local.Weir}. */
@NullMarked
package dev.weir.local;

import org.jspecify.annotations.NullMarked;
