package dev.weir.coordinator;

import dev.weir.mask.Mask;
import dev.weir.model.FisherKind;
import dev.weir.model.GradientProgress;
import dev.weir.model.GradientReport;
import dev.weir.model.TokenBatch;
import dev.weir.model.TrainableModel;
import dev.weir.parameter.ParameterLayout;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/**
 * A classifier that takes everything for the first of two classes. It remembers what was written
 * into it, and waits for a permit before it classifies, so that a test decides how slow it is.
 */
final class GatedModel implements TrainableModel {
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore permits;
  private final List<float[]> written = new CopyOnWriteArrayList<>();

  GatedModel(int permits) {
    this.permits = new Semaphore(permits);
  }

  /** Waits until it has begun to classify. */
  void awaitBegun() throws InterruptedException {
    begun.acquire();
  }

  void permit(int more) {
    permits.release(more);
  }

  /** The values of each call of {@link #write}. */
  List<float[]> written() {
    return written;
  }

  @Override
  public void write(float[] values) {
    written.add(values.clone());
  }

  @Override
  public float[][] logits(TokenBatch batch) {
    begun.release();
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("it was interrupted while it classified");
    }
    return new float[batch.size()][2];
  }

  @Override
  public ParameterLayout layout() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String digest() {
    throw new UnsupportedOperationException();
  }

  @Override
  public float[] values() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void select(Mask mask) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void read(float[] values) {
    throw new UnsupportedOperationException();
  }

  @Override
  public GradientReport gradient(
      TokenBatch batch, int[] labels, float scale, float[] gradient, GradientProgress progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addFisher(TokenBatch batch, int[] labels, FisherKind kind, float[] scores) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
