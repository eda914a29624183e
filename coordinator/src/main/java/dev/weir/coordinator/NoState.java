package dev.weir.coordinator;

import java.nio.ByteBuffer;

/** A replica of nothing but a step number, for exchanges without a model. */
final class NoState implements Replica {
  private long step;

  @Override
  public long step() {
    return step;
  }

  @Override
  public int roundLength() {
    return 1;
  }

  @Override
  public int consecutiveSkips() {
    return 0;
  }

  @Override
  public long fingerprint() {
    return step;
  }

  @Override
  public void keep(int attempt, double loss, int[] sums) {}

  @Override
  public void keepSkip() {}

  @Override
  public void commit(int attempt, int[] sums) {
    step++;
  }

  @Override
  public void skip() {
    step++;
  }

  @Override
  public byte[] encode() {
    return ByteBuffer.allocate(Long.BYTES).putLong(step).array();
  }

  @Override
  public void tidy() {}
}
