/**
 * What surviving faults costs without any: start at {@link dev.weir.bench.upkeep.UpkeepCommand}.
 */
@NullMarked
package dev.weir.bench.upkeep;

import org.jspecify.annotations.NullMarked;
