/** Between domain types and protocol messages: start at {@link dev.weir.wire.Protocol}. */
@NullMarked
package dev.weir.wire;

import org.jspecify.annotations.NullMarked;
