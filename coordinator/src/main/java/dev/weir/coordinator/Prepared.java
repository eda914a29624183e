package dev.weir.coordinator;

import dev.weir.mask.Mask;
import dev.weir.mask.MaskCodec;
import dev.weir.sum.SumFormat;
import dev.weir.task.Task;

/**
 * What every worker of a run is told when it joins.
 *
 * @param jobYaml the resolved job
 * @param mask the trained coordinates
 * @param encodedMask the same, as it travels
 * @param modelDigest of the base model
 * @param dataDigest of the data
 * @param chunkLength values per chunk
 * @param format how values travel
 */
@SuppressWarnings("ArrayRecordComponent") // Made once, never compared.
record Prepared(
    String jobYaml,
    Mask mask,
    byte[] encodedMask,
    String modelDigest,
    String dataDigest,
    int chunkLength,
    SumFormat format) {
  static Prepared of(Task task, Mask mask) {
    return new Prepared(
        task.job().toYaml(),
        mask,
        MaskCodec.encode(mask),
        task.model().digest(),
        task.dataset().digest(),
        task.job().communication().chunkLength(),
        task.job().communication().precision().format());
  }
}
