/** Keys and certificates: start at {@link dev.weir.tls.Credentials}. */
@NullMarked
package dev.weir.tls;

import org.jspecify.annotations.NullMarked;
