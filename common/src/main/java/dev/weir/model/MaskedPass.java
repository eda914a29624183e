package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass after which the backward pass computes little more than the selected part of the
 * gradient.
 *
 * <p>A parameter of which nothing is selected is frozen, so that the backward pass stops below the
 * lowest selected one. Vectors and well-filled matrices are ordinary leaves. A linear layer of
 * whose weight little is selected is off the tape: what it puts out, y = x·Wᵀ + b, is a leaf, whose
 * gradient ∂L/∂y tells the input's, (∂L/∂y)·W, the bias's, and the selected elements of the
 * weight's, (∂L/∂y)ᵀ·x, which are computed one by one: that spares the third matrix product of a
 * training step. Embedding tables are always treated likewise: their gradient is nearly all zeros.
 *
 * <p>A leaf is a new view of a parameter's values in each pass: it comes without a gradient, so
 * there is none to clear.
 *
 * <p>Between blocks the tape is cut, so that the backward pass comes down in stages: what a block's
 * part of the gradient is, is known before the one of the block below is begun.
 *
 * <p>Tokens are kept without the padding, {@code [tokens, width]}, in the order of the sequences,
 * so that no layer computes anything for padding; only attention and the mean see sequences.
 */
final class MaskedPass implements Pass {
  /**
   * A weight is an ordinary leaf from this density on. Measured with MiniLM on one core and 8 × 24
   * tokens: sampled products win by 20 % of a step at a density of 2 %, by 8 % at 6 %, and lose at
   * 12 %.
   */
  static final double DENSE_FROM = 1.0 / 16;

  private final NDManager manager;
  private final SelectedParameters selection;
  private final double denseFrom;
  private final int[] tokenPlaces;
  private final boolean padded;
  private final NDArray placeOfToken;
  private final NDArray tokenAtPlace;
  private Stage stage = Stage.first();
  private @Nullable NDArray frozen;

  /**
   * @param denseFrom weights of at least this density are ordinary leaves; 0 for every parameter,
   *     embedding tables included
   */
  MaskedPass(NDManager manager, SelectedParameters selection, TokenBatch batch, double denseFrom) {
    this.manager = manager;
    this.selection = selection;
    this.denseFrom = denseFrom;
    this.tokenPlaces = batch.tokenPlaces();
    this.padded = tokenPlaces.length < batch.tokens().length;
    long[] tokens = new long[batch.tokens().length]; // At padding the first token: any will do.
    for (int i = 0; i < tokenPlaces.length; i++) {
      tokens[tokenPlaces[i]] = i;
    }
    this.placeOfToken = manager.create(Arrays.stream(tokenPlaces).asLongStream().toArray());
    this.tokenAtPlace = manager.create(tokens, new Shape(batch.size(), batch.length()));
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  @Override
  public NDArray embed(EmbeddingTables tables, TokenBatch batch) {
    if (denseFrom == 0) {
      return tokens(
          Functions.embed(
              manager,
              batch,
              value(tables.words()),
              value(tables.positions()),
              value(tables.types())));
    }
    NDArray sum = tokens(new FrozenPass(manager).embed(tables, batch));
    if (tables.all().stream().allMatch(table -> selection.of(table) == null)) {
      return sum;
    }
    sum.setRequiresGradient(true);
    addLookUp(tables.words(), sum, at -> (int) batch.tokens()[at]);
    addLookUp(tables.positions(), sum, at -> at % batch.length());
    addLookUp(tables.types(), sum, at -> 0);
    return sum;
  }

  @Override
  public NDArray sequences(NDArray tokens) {
    long width = tokens.getShape().get(1);
    return padded
        ? Functions.lookUp(tokenAtPlace, tokens)
        : tokens.reshape(tokenAtPlace.getShape().add(width));
  }

  @Override
  public NDArray tokens(NDArray sequences) {
    NDArray places = sequences.reshape(-1, sequences.getShape().get(2));
    return padded ? Functions.lookUp(placeOfToken, places) : places;
  }

  @Override
  public NDArray apply(Linear layer, NDArray x) {
    SelectedValues weight = selection.of(layer.weight());
    SelectedValues bias = selection.of(layer.bias());
    if (weight != null && weight.count() >= denseFrom * layer.weight().spec().size()) {
      return Functions.linear(x, value(layer.weight()), value(layer.bias()));
    }
    NDArray y = layer.apply(x);
    boolean descends = x != frozen && stage.isOnTape();
    if (descends || weight != null || bias != null) {
      y.setRequiresGradient(true);
      stage.add(new LinearStep(layer, weight, bias, x, y, descends));
    }
    return y;
  }

  @Override
  public NDArray apply(Norm layer, NDArray x) {
    return Functions.normalize(x, value(layer.gain()), value(layer.bias()));
  }

  @Override
  public NDArray between(NDArray x) {
    if (!stage.isOnTape()) {
      frozen = x; // The backward pass does not come below this.
      return x;
    }
    NDArray leaf = x.stopGradient();
    leaf.setRequiresGradient(true);
    stage = stage.next(x, leaf);
    return leaf;
  }

  /** The stage that ends with the loss, where the backward pass begins. */
  Stage last() {
    return stage;
  }

  private void addLookUp(Parameter table, NDArray sum, IntUnaryOperator row) {
    SelectedValues selected = selection.of(table);
    if (selected != null) {
      stage.lookUp(selected, sum, Arrays.stream(tokenPlaces).map(row).toArray());
    }
  }

  private NDArray value(Parameter parameter) {
    SelectedValues selected = selection.of(parameter);
    if (selected == null) {
      return parameter.array();
    }
    NDArray leaf = parameter.array().stopGradient();
    leaf.attach(manager);
    leaf.setRequiresGradient(true);
    stage.leaf(selected, leaf);
    return leaf;
  }
}
