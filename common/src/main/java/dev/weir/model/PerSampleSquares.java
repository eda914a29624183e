package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.weir.parameter.ParameterSpec;
import java.util.Arrays;

/**
 * Adds up the squares of each sample's own gradient, from what a {@link PerSamplePass} has kept.
 *
 * <p>The gradient of a linear weight for sample n is Gₙᵀ·Xₙ with a row for each of its tokens. One
 * sample's product is squared and added before the next one is computed, so that it stays in the
 * cache.
 */
final class PerSampleSquares {
  private final TokenBatch batch;
  private final float[] scores;
  private float[] scratch = new float[0];

  /**
   * @param scores length n, added to
   */
  PerSampleSquares(TokenBatch batch, float[] scores) {
    this.batch = batch;
    this.scores = scores;
  }

  /**
   * @param copies gradient of each sample's copy of the parameter, {@code [batch, 1, size]}
   */
  void addVector(ParameterSpec parameter, NDArray copies) {
    add(parameter, copies.square().sum(new int[] {0, 1}));
  }

  /**
   * @param gradient ∂L/∂y, {@code [batch, out]} or {@code [batch, length, out]}
   * @param input x, likewise
   */
  void addProduct(Linear layer, NDArray gradient, NDArray input) {
    boolean pooled = gradient.getShape().dimension() == 2;
    ParameterSpec weight = layer.weight().spec();
    try (NDManager manager = gradient.getManager().newSubManager()) {
      NDArray sum = manager.zeros(new Shape(weight.shape().get(0), weight.shape().get(1)));
      for (int n = 0; n < batch.size(); n++) {
        NDIndex rows = new NDIndex();
        rows =
            pooled
                ? rows.addSliceDim(n, n + 1)
                : rows.addIndices(n).addSliceDim(0, batch.tokens(n));
        try (NDArray g = gradient.get(manager, rows);
            NDArray x = input.get(manager, rows);
            NDArray turned = g.transpose();
            NDArray product = turned.matMul(x)) {
          sum.addi(product.muli(product));
        }
      }
      add(weight, sum);
      NDArray columns = pooled ? gradient : gradient.sum(new int[] {1});
      columns.attach(manager);
      add(layer.bias().spec(), columns.square().sum(new int[] {0}));
    }
  }

  /**
   * @param gradient ∂L/∂(embeddings), {@code [batch, length, hidden]}
   */
  void addLookUps(EmbeddingTables tables, NDArray gradient) {
    float[] g = gradient.toFloatArray();
    for (int n = 0; n < batch.size(); n++) {
      int first = n * batch.length();
      int[] rows = new int[batch.tokens(n)];
      Arrays.setAll(rows, t -> (int) batch.tokens()[first + t]);
      addRows(tables.words().spec(), rows, g, first);
      Arrays.setAll(rows, t -> t);
      addRows(tables.positions().spec(), rows, g, first);
      Arrays.fill(rows, 0);
      addRows(tables.types().spec(), rows, g, first);
    }
  }

  /** Look-ups of one sample: the gradients of the same row are added before they are squared. */
  private void addRows(ParameterSpec table, int[] rows, float[] gradient, int first) {
    int width = table.shape().get(1);
    boolean[] done = new boolean[rows.length];
    for (int t = 0; t < rows.length; t++) {
      if (done[t]) {
        continue;
      }
      float[] sum = new float[width];
      for (int u = t; u < rows.length; u++) {
        if (rows[u] == rows[t]) {
          done[u] = true;
          for (int j = 0; j < width; j++) {
            sum[j] += gradient[(first + u) * width + j];
          }
        }
      }
      for (int j = 0; j < width; j++) {
        scores[table.offset() + rows[t] * width + j] += sum[j] * sum[j];
      }
    }
  }

  /** Adds {@code squares}, of the parameter's size, to the parameter's scores. */
  private void add(ParameterSpec parameter, NDArray squares) {
    int size = parameter.size();
    scratch = scratch.length < size ? new float[size] : scratch;
    squares.toByteBuffer(true).asFloatBuffer().get(scratch, 0, size);
    for (int i = 0; i < size; i++) {
      scores[parameter.offset() + i] += scratch[i];
    }
  }
}
