package dev.weir.model;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A BERT encoder whose mean-pooled output is classified, trained with cross-entropy. */
final class BertClassifier implements TrainableModel {
  private final BertShape shape;
  private final ParameterLayout layout;
  private final Engine engine;
  private final NDManager manager;
  private final ParameterStorage storage;
  private final BertNetwork network;
  private final String digest;
  private @Nullable SelectedParameters selection;
  private @Nullable GradientGather gather;

  /**
   * @param initial gives each parameter's values, in the order of the layout
   * @param manager of the device to compute on; closed with the model
   */
  BertClassifier(
      BertShape shape, Function<ParameterSpec, float[]> initial, Engine engine, NDManager manager) {
    this.shape = shape;
    this.engine = engine;
    this.manager = manager;
    layout = shape.layout();
    storage = new ParameterStorage(layout, initial, manager);
    network = new BertNetwork(shape, storage, manager);
    digest = storage.digest();
  }

  @Override
  public ParameterLayout layout() {
    return layout;
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public float[] values() {
    return storage.copy();
  }

  @Override
  public void select(Mask mask) {
    if (!mask.layout().equals(layout)) {
      throw new IllegalArgumentException("the mask selects from another layout than the model's");
    }
    SelectedParameters chosen = SelectedParameters.of(mask);
    boolean onHost = !manager.getDevice().isGpu();
    select(chosen, onHost ? new HostGather() : new DeviceGather(manager));
  }

  /** Selects with a given way to gather, which the model closes. */
  void select(SelectedParameters chosen, GradientGather gatherer) {
    closeGather();
    selection = chosen;
    gather = gatherer;
  }

  @Override
  public void read(float[] values) {
    storage.read(selection(values), values);
  }

  @Override
  public void write(float[] values) {
    storage.write(selection(values), values);
  }

  @Override
  public GradientReport gradient(
      TokenBatch batch, int[] labels, float scale, float[] gradient, GradientProgress progress) {
    return gradient(batch, labels, scale, gradient, MaskedPass.DENSE_FROM, progress);
  }

  /**
   * @param denseFrom weights of at least this density are differentiated as a whole; 0 for every
   *     parameter
   */
  GradientReport gradient(
      TokenBatch batch,
      int[] labels,
      float scale,
      float[] gradient,
      double denseFrom,
      GradientProgress progress) {
    SelectedParameters chosen = selection(gradient);
    GradientGather gatherer = gatherer();
    gatherer.begin(gradient);
    long startNs = System.nanoTime();
    long gatherNs = 0;
    long progressNs = 0;
    try (NDManager scratch = manager.newSubManager()) {
      MaskedPass pass = new MaskedPass(scratch, chosen, batch, denseFrom);
      double loss = backward(pass, batch, LossWeights.crossEntropy(shape, batch, labels, scale));
      for (Stage stage = pass.last(); stage != null; stage = stage.descend()) {
        stage.backward(gatherer);
        long computedNs = System.nanoTime();
        stage.handOver(gatherer);
        gatherer.finish();
        long gatheredNs = System.nanoTime();
        progress.reached(loss, stage.from());
        gatherNs += gatheredNs - computedNs;
        progressNs += System.nanoTime() - gatheredNs;
      }
      long allNs = System.nanoTime() - startNs;
      return new GradientReport(loss, allNs - gatherNs - progressNs, gatherNs);
    }
  }

  @Override
  public float[][] logits(TokenBatch batch) {
    checkBatch(batch);
    try (NDManager scratch = manager.newSubManager()) {
      return rows(network.logits(new FrozenPass(scratch), batch));
    }
  }

  /** What the classifier sees, {@code [batch][hidden]}. */
  float[][] pooled(TokenBatch batch) {
    checkBatch(batch);
    try (NDManager scratch = manager.newSubManager()) {
      return rows(network.pooled(new FrozenPass(scratch), batch));
    }
  }

  @Override
  public void addFisher(TokenBatch batch, int[] labels, FisherKind kind, float[] scores) {
    checkLength(scores, layout.size());
    if (kind == FisherKind.EMPIRICAL) {
      addSquares(batch, LossWeights.crossEntropy(shape, batch, labels, 1), scores);
      return;
    }
    float[][] logits = logits(batch);
    for (int label = 0; label < shape.classes(); label++) {
      addSquares(batch, LossWeights.expected(logits, label), scores);
    }
  }

  private void addSquares(TokenBatch batch, float[] lossWeights, float[] scores) {
    try (NDManager scratch = manager.newSubManager()) {
      PerSamplePass pass = new PerSamplePass(scratch, batch);
      backward(pass, batch, lossWeights);
      pass.handOver(new PerSampleSquares(batch, scores));
    }
  }

  /** Differentiates L = Σ weights · log p, and returns L. */
  private double backward(Pass pass, TokenBatch batch, float[] weights) {
    checkBatch(batch);
    try (GradientCollector collector = engine.newGradientCollector()) {
      NDArray factors = pass.manager().create(weights, new Shape(batch.size(), shape.classes()));
      NDArray loss = network.logits(pass, batch).logSoftmax(1).mul(factors).sum();
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  @Override
  public void close() {
    closeGather();
    manager.close();
  }

  private void closeGather() {
    if (gather != null) {
      gather.close();
      gather = null;
    }
  }

  private SelectedParameters selection(float[] values) {
    if (selection == null) {
      throw new IllegalStateException("no mask has been selected");
    }
    checkLength(values, selection.count());
    return selection;
  }

  private GradientGather gatherer() {
    if (gather == null) {
      throw new IllegalStateException("no mask has been selected");
    }
    return gather;
  }

  private static void checkLength(float[] values, int length) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          "the array has " + values.length + " elements, " + length + " are needed");
    }
  }

  private void checkBatch(TokenBatch batch) {
    if (batch.length() > shape.positions()) {
      throw new IllegalArgumentException(
          "a sequence of %d tokens is longer than the model's %d positions"
              .formatted(batch.length(), shape.positions()));
    }
    for (long token : batch.tokens()) {
      if (token < 0 || token >= shape.vocabulary()) {
        throw new IllegalArgumentException(
            "token %d is outside the model's vocabulary of %d"
                .formatted(token, shape.vocabulary()));
      }
    }
  }

  private static float[][] rows(NDArray array) {
    float[] values = array.toFloatArray();
    int width = Math.toIntExact(array.getShape().get(1));
    float[][] rows = new float[values.length / width][width];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(values, row * width, rows[row], 0, width);
    }
    return rows;
  }
}
