package dev.weir.coordinator;

import dev.weir.coordinator.rpc.Briefing;
import dev.weir.coordinator.rpc.Digests;
import dev.weir.mask.Mask;
import dev.weir.mask.MaskCodec;
import dev.weir.sum.SumFormat;
import dev.weir.task.Task;

/**
 * What every worker of a run is given when it joins.
 *
 * @param briefing what it is told
 * @param encodedMask the trained coordinates, as they travel
 * @param length number of trained values, k
 * @param format how values travel
 */
@SuppressWarnings("ArrayRecordComponent") // Made once, never compared.
record Prepared(Briefing briefing, byte[] encodedMask, int length, SumFormat format) {
  static Prepared of(Task task, Mask mask) {
    Digests digests = new Digests(task.model().digest(), task.dataset().digest(), mask.digest());
    return new Prepared(
        new Briefing(task.job().toYaml(), task.job().communication().chunkLength(), digests),
        MaskCodec.encode(mask),
        mask.size(),
        task.job().communication().precision().format());
  }
}
