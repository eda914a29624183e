/** All-reduces over the production path: {@link dev.weir.bench.exchange.ExchangeCommand}. */
@NullMarked
package dev.weir.bench.exchange;

import org.jspecify.annotations.NullMarked;
