package dev.weir.sum;

/**
 * What everybody must know to turn a shard's gradient into the same integers.
 *
 * @param format how wide they are
 * @param shards number of shards of a step, S
 * @param seed of random rounding
 */
public record SumRule(SumFormat format, int shards, long seed) {
  /**
   * @throws IllegalArgumentException if the format does not take so many shards
   */
  public SumRule {
    var unused = format.valueBits(shards);
  }

  /** How the gradient of one shard of one step is rounded. */
  Rounding rounding(long step, int shard) {
    return switch (format) {
      case FIXED32 -> NearestRounding.INSTANCE;
      case FIXED16 -> StochasticRounding.of(seed, step, shard);
    };
  }
}
