package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weir.parameter.ParameterSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A forward pass after which one backward pass tells each sample's own gradient.
 *
 * <p>No parameter is a leaf, so that no gradients of different samples are added. What a linear
 * layer or an embedding puts out gets a leaf of zeros added, whose gradient has a row for each
 * token; gains and biases of normalisations are leaves with a copy for each sample.
 */
final class PerSamplePass implements Pass {
  private final NDManager manager;
  private final TokenBatch batch;
  private final List<Product> products = new ArrayList<>();
  private final List<LookUp> lookUps = new ArrayList<>();
  private final List<Vector> vectors = new ArrayList<>();

  PerSamplePass(NDManager manager, TokenBatch batch) {
    this.manager = manager;
    this.batch = batch;
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  @Override
  public NDArray embed(EmbeddingTables tables, TokenBatch batch) {
    NDArray sum = new FrozenPass(manager).embed(tables, batch);
    NDArray zeros = leaf(manager.zeros(sum.getShape()));
    lookUps.add(new LookUp(tables, zeros));
    return sum.add(zeros);
  }

  @Override
  public NDArray apply(Linear layer, NDArray x) {
    NDArray y = Functions.linear(x, layer.weight().array(), layer.bias().array());
    NDArray zeros = leaf(manager.zeros(y.getShape()));
    products.add(new Product(layer, zeros, x));
    return y.add(zeros);
  }

  @Override
  public NDArray apply(Norm layer, NDArray x) {
    Shape width = layer.gain().array().getShape();
    NDArray normal = Functions.normalize(x, manager.ones(width), manager.zeros(width));
    return normal.mul(perSample(layer.gain())).add(perSample(layer.bias()));
  }

  /** Hands over what the backward pass has found for each sample. */
  void handOver(PerSampleSquares squares) {
    for (LookUp lookUp : lookUps) {
      squares.addLookUps(lookUp.tables, lookUp.output.getGradient());
    }
    for (Product product : products) {
      squares.addProduct(product.layer, product.output.getGradient(), product.input);
    }
    for (Vector vector : vectors) {
      squares.addVector(vector.parameter, vector.copies.getGradient());
    }
  }

  private NDArray perSample(Parameter parameter) {
    NDArray copies =
        parameter.array().broadcast(new Shape(batch.size(), 1, parameter.spec().size()));
    copies.attach(manager);
    vectors.add(new Vector(parameter.spec(), leaf(copies)));
    return copies;
  }

  private static NDArray leaf(NDArray array) {
    array.setRequiresGradient(true);
    return array;
  }

  private record Product(Linear layer, NDArray output, NDArray input) {}

  private record LookUp(EmbeddingTables tables, NDArray output) {}

  private record Vector(ParameterSpec parameter, NDArray copies) {}
}
