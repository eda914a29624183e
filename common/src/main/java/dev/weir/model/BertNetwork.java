package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The function that a BERT encoder and its classifier compute (Devlin et al., 2018), written in
 * plain array operations.
 *
 * <p>No operation may take a Java number: while gradients are collected, the engine keeps a pointer
 * to a buffer of that number which may be freed before the backward pass. Constants are arrays that
 * live as long as the network or as the pass.
 */
final class BertNetwork {
  /** Added to the scores of padding: e to the power of it is 0. */
  private static final float NEVER = -1e9f;

  private final BertShape shape;
  private final EmbeddingTables embeddings;
  private final Norm embeddingNorm;
  private final List<EncoderLayer> layers = new ArrayList<>();
  private final Linear classifier;
  private final NDArray attentionScale;

  /**
   * @param storage of the parameters of {@code shape.layout()}
   * @param manager owns what the network needs besides
   */
  BertNetwork(BertShape shape, ParameterStorage storage, NDManager manager) {
    this.shape = shape;
    Reader next = new Reader(storage, storage.parameters().iterator(), MatrixProduct.on(manager));
    embeddings = new EmbeddingTables(next.parameter(), next.parameter(), next.parameter());
    embeddingNorm = next.norm();
    for (int i = 0; i < shape.layers(); i++) {
      layers.add(
          new EncoderLayer(
              next.linear(),
              next.linear(),
              next.linear(),
              next.linear(),
              next.norm(),
              next.linear(),
              next.linear(),
              next.norm()));
    }
    classifier = next.linear();
    attentionScale = manager.create((float) (1 / Math.sqrt(shape.headSize())));
  }

  /** Class scores, {@code [batch, classes]}. */
  NDArray logits(Pass pass, TokenBatch batch) {
    return pass.apply(classifier, pooled(pass, batch));
  }

  /** The mean over each sequence's tokens of the last layer's output, {@code [batch, hidden]}. */
  NDArray pooled(Pass pass, TokenBatch batch) {
    NDArray mask = attentionMask(pass.manager(), batch);
    NDArray x = pass.apply(embeddingNorm, pass.embed(embeddings, batch));
    for (EncoderLayer layer : layers) {
      x = encode(pass, layer, pass.between(x), mask);
    }
    NDArray weights =
        pass.manager().create(meanWeights(batch), new Shape(batch.size(), 1, batch.length()));
    return weights.matMul(pass.sequences(x)).reshape(batch.size(), shape.hidden());
  }

  private NDArray encode(Pass pass, EncoderLayer layer, NDArray x, NDArray mask) {
    NDArray attended = pass.apply(layer.attentionOutput(), attend(pass, layer, x, mask));
    NDArray middle = pass.between(pass.apply(layer.attentionNorm(), attended.add(x)));
    NDArray wide = Activation.gelu(pass.apply(layer.intermediate(), middle));
    return pass.apply(layer.outputNorm(), pass.apply(layer.output(), wide).add(middle));
  }

  private NDArray attend(Pass pass, EncoderLayer layer, NDArray x, NDArray mask) {
    NDArray query = heads(pass, layer.query(), x).mul(attentionScale);
    NDArray key = heads(pass, layer.key(), x);
    NDArray value = heads(pass, layer.value(), x);
    NDArray scores = query.matMul(key.transpose(0, 1, 3, 2)).add(mask);
    NDArray seen = scores.softmax(-1).matMul(value).transpose(0, 2, 1, 3);
    Shape joined = new Shape(seen.getShape().get(0), seen.getShape().get(1), shape.hidden());
    return pass.tokens(seen.reshape(joined));
  }

  /** What a layer makes of the tokens, {@code [batch, heads, length, headSize]}. */
  private NDArray heads(Pass pass, Linear layer, NDArray x) {
    NDArray y = pass.sequences(pass.apply(layer, x));
    long batch = y.getShape().get(0);
    long length = y.getShape().get(1);
    return y.reshape(batch, length, shape.heads(), shape.headSize()).transpose(0, 2, 1, 3);
  }

  private static NDArray attentionMask(NDManager manager, TokenBatch batch) {
    float[] mask = batch.attention().clone();
    for (int i = 0; i < mask.length; i++) {
      mask[i] = mask[i] == 0 ? NEVER : 0;
    }
    return manager.create(mask, new Shape(batch.size(), 1, 1, batch.length()));
  }

  private static float[] meanWeights(TokenBatch batch) {
    float[] weights = batch.attention().clone();
    for (int row = 0; row < batch.size(); row++) {
      float tokens = 0;
      for (int i = row * batch.length(); i < (row + 1) * batch.length(); i++) {
        tokens += weights[i];
      }
      for (int i = row * batch.length(); i < (row + 1) * batch.length(); i++) {
        weights[i] /= tokens;
      }
    }
    return weights;
  }

  /** Takes parameters in the order of the layout. */
  private record Reader(
      ParameterStorage storage, Iterator<Parameter> parameters, MatrixProduct product) {

    Parameter parameter() {
      return parameters.next();
    }

    Linear linear() {
      Parameter weight = parameter();
      return new Linear(weight, storage.transposed(weight), parameter(), product);
    }

    Norm norm() {
      return new Norm(parameter(), parameter());
    }
  }
}
