package dev.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.parameter.ParameterSpec;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {
  @TempDir private Path directory;

  @BeforeEach
  void writeModel() throws IOException {
    Files.write(directory.resolve("model.onnx"), onnx("bert.", 1).bytes());
    Files.writeString(directory.resolve("tokenizer.json"), "{}");
    Files.writeString(directory.resolve("config.json"), "{\"num_attention_heads\": 2}");
  }

  @Test
  void aModelIsOpenedWithLinearWeightsTurnedAndItsClassifierFresh() {
    try (TrainableModel model = open(0)) {
      float[] values = model.values();
      assertThat(values).hasSize(model.layout().parameters().get(22).end());
      // The file holds [in, out] with ascending values: the layout's [out, in] is their transpose.
      ParameterSpec wide = named(model, "encoder.layer.0.intermediate.dense.weight");
      assertThat(wide.shape()).containsExactly(20, 8);
      assertThat(values[wide.offset() + 1]).isEqualTo(20f);
      assertThat(values[wide.offset() + 8]).isEqualTo(1f);
      ParameterSpec head = named(model, "classifier.weight");
      assertThat(head.fresh()).isTrue();
      assertThat(head.shape()).containsExactly(3, 8);
      assertThat(named(model, "classifier.bias").fresh()).isTrue();
    }
  }

  @Test
  void theLowestLayersAreKept() throws IOException {
    Files.write(directory.resolve("model.onnx"), onnx("", 2).bytes());
    try (TrainableModel whole = open(0);
        TrainableModel half = open(1)) {
      assertThat(whole.layout().parameters()).hasSize(5 + 2 * 16 + 2);
      assertThat(half.layout().parameters()).hasSize(5 + 16 + 2);
      assertThat(half.layout().parameters().subList(0, 21))
          .isEqualTo(whole.layout().parameters().subList(0, 21));
    }
  }

  @Test
  void theClassifierDependsOnTheSeedAlone() {
    try (TrainableModel one = PretrainedModels.open(source(), 0, 3, 1, 1);
        TrainableModel same = PretrainedModels.open(source(), 0, 3, 1, 1);
        TrainableModel other = PretrainedModels.open(source(), 0, 3, 2, 1)) {
      assertThat(same.digest()).isEqualTo(one.digest());
      assertThat(other.digest()).isNotEqualTo(one.digest());
    }
  }

  @Test
  void theTokenizerIsHandedOutAsItIs() {
    assertThat(PretrainedModels.tokenizerJson(source())).asString().isEqualTo("{}");
  }

  @Test
  void askingForMoreLayersThanThereAreNamesBoth() {
    assertThatThrownBy(() -> open(2))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("2 encoder layers are asked for, the file has 1");
  }

  @Test
  void headsThatDoNotDivideTheHiddenSizeAreRefused() throws IOException {
    Files.writeString(directory.resolve("config.json"), "{\"num_attention_heads\": 3}");
    assertThatThrownBy(() -> open(0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("3 attention heads do not divide the hidden size of 8");
  }

  @Test
  void aConfigurationWithoutHeadsIsRefused() throws IOException {
    Files.writeString(directory.resolve("config.json"), "{}");
    assertThatThrownBy(() -> open(0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining("num_attention_heads is missing");
  }

  @Test
  void aConfigurationThatIsNoJsonIsRefused() throws IOException {
    Files.writeString(directory.resolve("config.json"), "heads: 2");
    assertThatThrownBy(() -> open(0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("config.json: not JSON");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(directory.resolve("tokenizer.json"));
    assertThatThrownBy(() -> PretrainedModels.tokenizerJson(source()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("tokenizer.json: the file is missing");
  }

  @Test
  void aMissingParameterIsNamed() throws IOException {
    Files.write(
        directory.resolve("model.onnx"),
        new OnnxFile()
            .tensor("embeddings.word_embeddings.weight", List.of(1, 8), new float[8])
            .bytes());
    assertThatThrownBy(() -> open(0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there is no embeddings.position_embeddings.weight");
  }

  @Test
  void quantizedWeightsAreRefused() throws IOException {
    Files.write(
        directory.resolve("model.onnx"),
        onnx("", 1)
            .tensor("embeddings.word_embeddings.weight", 2, 9, List.of(30, 8), new float[60])
            .bytes());
    assertThatThrownBy(() -> open(0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("embeddings.word_embeddings.weight has elements of ONNX type 2");
  }

  @Test
  void whatIsNeitherBundledNorADirectoryIsRefused() {
    assertThatThrownBy(() -> ModelSource.of("all-minilm-l6-v3"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("all-minilm-l6-v3: neither the bundled model, all-minilm-l6-v2");
  }

  private TrainableModel open(int layers) {
    return PretrainedModels.open(source(), layers, 3, 1, 1);
  }

  private ModelSource source() {
    return ModelSource.of(directory.toString());
  }

  private static ParameterSpec named(TrainableModel model, String name) {
    return model.layout().parameters().stream()
        .filter(spec -> spec.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A model as exporters write it: weights of linear layers anonymous, and turned. */
  private static OnnxFile onnx(String prefix, int layers) {
    BertShape shape = new BertShape(30, 12, 2, 8, 20, layers, 2, 3);
    OnnxFile file = new OnnxFile();
    int anonymous = 0;
    for (ParameterSpec spec : shape.layout().parameters()) {
      String name = spec.name();
      if (spec.fresh()) {
        continue;
      }
      if (!name.startsWith("encoder") || spec.isVector()) {
        file.tensor(prefix + name, spec.shape(), ascending(spec));
        continue;
      }
      String node =
          "/"
              + (prefix + name)
                  .replace(".weight", "")
                  .replace('.', '/')
                  .replace("layer/", "layer.");
      file.node("MatMul", node + "/MatMul", "x", "onnx::MatMul_" + anonymous);
      List<Integer> turned = List.of(spec.shape().get(1), spec.shape().get(0));
      file.tensor("onnx::MatMul_" + anonymous++, turned, ascending(spec));
    }
    return file;
  }

  private static float[] ascending(ParameterSpec spec) {
    float[] values = new float[spec.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return values;
  }
}
