/** What experiments need of the machine: its programs, and to leave it as it was. */
@NullMarked
package dev.weir.bench.machine;

import org.jspecify.annotations.NullMarked;
