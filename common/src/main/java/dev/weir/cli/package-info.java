/** What every command of Weir shares: start at {@link dev.weir.cli.Cli}. */
@NullMarked
package dev.weir.cli;

import org.jspecify.annotations.NullMarked;
