package dev.weir.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.parameter.ParameterLayout;
import org.junit.jupiter.api.Test;

class MaskTableTest {
  @Test
  void countsByLayerAndKind() {
    ParameterLayout layout =
        ParameterLayout.builder()
            .add("embeddings.word_embeddings.weight", 5, 2)
            .add("embeddings.LayerNorm.weight", 2)
            .add("embeddings.LayerNorm.bias", 2)
            .add("encoder.layer.3.attention.self.query.weight", 2, 2)
            .add("encoder.layer.3.attention.self.query.bias", 2)
            .add("encoder.layer.3.attention.output.dense.weight", 2, 2)
            .add("encoder.layer.3.output.dense.weight", 2, 2)
            .addFresh("classifier.bias", 3)
            .build();
    Mask mask = Mask.of(layout, 1, 14, 17, 18, 29, 30);
    assertThat(MaskTable.of(mask))
        .containsExactly(
            new MaskTable.Row("embeddings", "word_embeddings", 1, 10, 1 / 6.0),
            new MaskTable.Row("embeddings", "LayerNorm", 0, 4, 0),
            new MaskTable.Row("layer 3", "query", 3, 6, 0.5),
            new MaskTable.Row("layer 3", "attention.output", 0, 4, 0),
            new MaskTable.Row("layer 3", "output", 0, 4, 0),
            new MaskTable.Row("classifier", "bias", 2, 3, 2 / 6.0));
  }
}
