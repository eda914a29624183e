package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A forward pass that nothing is differentiated after. */
record FrozenPass(NDManager manager) implements Pass {

  @Override
  public NDArray embed(EmbeddingTables tables, TokenBatch batch) {
    return Functions.embed(
        manager, batch, tables.words().array(), tables.positions().array(), tables.types().array());
  }

  @Override
  public NDArray apply(Linear layer, NDArray x) {
    return layer.apply(x);
  }

  @Override
  public NDArray apply(Norm layer, NDArray x) {
    return Functions.normalize(x, layer.gain().array(), layer.bias().array());
  }
}
