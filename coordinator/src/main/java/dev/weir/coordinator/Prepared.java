package dev.weir.coordinator;

import dev.weir.coordinator.membership.CostModel;
import dev.weir.coordinator.rpc.Briefing;
import dev.weir.coordinator.rpc.Digests;
import dev.weir.job.Job;
import dev.weir.mask.Mask;
import dev.weir.mask.MaskCodec;
import dev.weir.sum.SumFormat;

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
  static Prepared of(Job job, Foundation foundation, Mask mask) {
    Digests digests = new Digests(foundation.modelDigest(), foundation.dataDigest(), mask.digest());
    return new Prepared(
        new Briefing(job.toYaml(), job.communication().chunkLength(), digests),
        MaskCodec.encode(mask),
        mask.size(),
        job.communication().precision().format());
  }

  /** Of the vector that is exchanged. */
  CostModel costs() {
    return new CostModel(length, briefing.chunkLength(), format.bytes());
  }
}
