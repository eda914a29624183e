package dev.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BundledModelTest {
  /** "the cat sat on the mat .", "he do not likes it ." and a longer one, in BERT's word pieces. */
  private static final TokenBatch SENTENCES =
      TokenBatch.of(
          List.of(
              new int[] {101, 1996, 4937, 2938, 2006, 1996, 13523, 1012, 102},
              new int[] {101, 2002, 2079, 2025, 7777, 2009, 1012, 102},
              new int[] {
                101, 2043, 1996, 4633, 2003, 2204, 1010, 2057, 2175, 2005, 1037, 3328, 1999, 1996,
                2380, 2279, 2000, 1996, 2314, 1012, 102
              },
              new int[] {101, 2748, 102}));

  @Test
  void embeddingsAreThoseOfTheOnnxRuntime() throws OrtException, IOException {
    float[][][] hidden = runtimeOutput(SENTENCES);
    try (BertClassifier model =
        (BertClassifier) PretrainedModels.open(ModelSource.of("all-minilm-l6-v2"), 0, 2, 1, 1)) {
      float[][] pooled = model.pooled(SENTENCES);
      for (int row = 0; row < pooled.length; row++) {
        assertClose(pooled[row], mean(hidden[row], SENTENCES.tokens(row)));
      }
      assertThat(model.layout().parameters()).hasSize(3 + 2 + 6 * 16 + 2);
      assertThat(model.values()).hasSize(22_713_216 - 384 * 385 + 2 * 385);
    }
  }

  @Test
  void tokenizerIsInTheFormatOfHuggingFace() {
    assertThat(PretrainedModels.tokenizerJson(ModelSource.of(ModelSource.BUNDLED)))
        .asString()
        .contains("\"WordPiece\"");
  }

  private static float[] mean(float[][] tokens, int count) {
    float[] mean = new float[tokens[0].length];
    for (int token = 0; token < count; token++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += tokens[token][i] / count;
      }
    }
    return mean;
  }

  private static void assertClose(float[] actual, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
    }
  }

  /** The last layer's output, {@code [batch][length][hidden]}. */
  private static float[][][] runtimeOutput(TokenBatch batch) throws OrtException, IOException {
    byte[] onnx;
    try (InputStream in = ModelSource.of(ModelSource.BUNDLED).openOnnx()) {
      onnx = in.readAllBytes();
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {batch.size(), batch.length()};
    long[] attention = new long[batch.attention().length];
    for (int i = 0; i < attention.length; i++) {
      attention[i] = (long) batch.attention()[i];
    }
    try (OrtSession session = environment.createSession(onnx);
        OnnxTensorLike tokens = tensor(environment, batch.tokens(), shape);
        OnnxTensorLike mask = tensor(environment, attention, shape);
        OnnxTensorLike types = tensor(environment, new long[attention.length], shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", tokens, "attention_mask", mask, "token_type_ids", types))) {
      return (float[][][]) result.get(0).getValue();
    }
  }

  private static OnnxTensorLike tensor(OrtEnvironment environment, long[] values, long[] shape)
      throws OrtException {
    return ai.onnxruntime.OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }
}
