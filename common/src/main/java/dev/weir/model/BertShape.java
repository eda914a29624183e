package dev.weir.model;

import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The dimensions of a BERT encoder with a linear classifier on its mean-pooled output, and the
 * layout that follows from them. Names are those of Hugging Face's {@code BertModel}.
 *
 * @param vocabulary rows of the word embeddings
 * @param positions the longest sequence, in tokens
 * @param types rows of the token type embeddings
 * @param hidden width of the residual stream
 * @param intermediate width of the feed-forward layers
 * @param layers number of encoder layers
 * @param heads attention heads per layer; a divisor of {@code hidden}
 * @param classes outputs of the classifier
 */
record BertShape(
    int vocabulary,
    int positions,
    int types,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int classes) {

  /** Columns of one attention head. */
  int headSize() {
    return hidden / heads;
  }

  /** Embeddings, then encoder layers from the lowest, then the fresh classifier. */
  ParameterLayout layout() {
    Builder builder = new Builder();
    builder.add("embeddings.word_embeddings.weight", false, vocabulary, hidden);
    builder.add("embeddings.position_embeddings.weight", false, positions, hidden);
    builder.add("embeddings.token_type_embeddings.weight", false, types, hidden);
    builder.norm("embeddings.LayerNorm");
    for (int layer = 0; layer < layers; layer++) {
      String place = "encoder.layer." + layer + ".";
      builder.linear(place + "attention.self.query", hidden, hidden);
      builder.linear(place + "attention.self.key", hidden, hidden);
      builder.linear(place + "attention.self.value", hidden, hidden);
      builder.linear(place + "attention.output.dense", hidden, hidden);
      builder.norm(place + "attention.output.LayerNorm");
      builder.linear(place + "intermediate.dense", intermediate, hidden);
      builder.linear(place + "output.dense", hidden, intermediate);
      builder.norm(place + "output.LayerNorm");
    }
    builder.add("classifier.weight", true, classes, hidden);
    builder.add("classifier.bias", true, classes);
    return new ParameterLayout(builder.specs);
  }

  private final class Builder {
    private final List<ParameterSpec> specs = new ArrayList<>();
    private int offset;

    private void add(String name, boolean fresh, Integer... dimensions) {
      ParameterSpec spec = new ParameterSpec(name, List.of(dimensions), offset, fresh);
      specs.add(spec);
      offset = Math.addExact(offset, spec.size());
    }

    private void linear(String name, int out, int in) {
      add(name + ".weight", false, out, in);
      add(name + ".bias", false, out);
    }

    private void norm(String name) {
      add(name + ".weight", false, hidden);
      add(name + ".bias", false, hidden);
    }
  }
}
