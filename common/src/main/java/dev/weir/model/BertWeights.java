package dev.weir.model;

import dev.weir.parameter.ParameterSpec;
import dev.weir.problem.UserException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a BERT encoder's parameters in an ONNX graph, under whatever prefix it was exported. */
final class BertWeights {
  private static final String WORDS = "embeddings.word_embeddings.weight";

  private final OnnxGraph graph;
  private final String prefix;
  private final String place;

  /**
   * @param place the file, for messages
   * @throws UserException if the graph holds no BERT word embeddings
   */
  BertWeights(OnnxGraph graph, String place) {
    this.graph = graph;
    this.place = place;
    String words =
        graph.tensors().keySet().stream()
            .filter(name -> name.endsWith(WORDS))
            .findFirst()
            .orElseThrow(() -> notBert("there is no " + WORDS));
    this.prefix = words.substring(0, words.length() - WORDS.length());
  }

  /**
   * The dimensions that the weights have.
   *
   * @param heads attention heads, which the weights do not tell
   * @param layers how many of the lowest encoder layers to keep; 0 for all
   * @throws UserException if the file has fewer layers, or its width is no multiple of {@code
   *     heads}
   */
  BertShape shape(int heads, int layers, int classes) {
    int hidden = dimension(WORDS, 1);
    if (heads <= 0 || hidden % heads != 0) {
      throw new UserException(
          place,
          heads + " attention heads do not divide the hidden size of " + hidden,
          "Mend num_attention_heads in config.json.");
    }
    int present = layersPresent();
    if (layers > present) {
      throw new UserException(
          place,
          layers + " encoder layers are asked for, the file has " + present,
          "Ask for at most " + present + " layers.");
    }
    return new BertShape(
        dimension(WORDS, 0),
        dimension("embeddings.position_embeddings.weight", 0),
        dimension("embeddings.token_type_embeddings.weight", 0),
        hidden,
        dimension("encoder.layer.0.intermediate.dense.bias", 0),
        layers == 0 ? present : layers,
        heads,
        classes);
  }

  /**
   * The values of one parameter, {@code [out, in]} for the weight of a linear layer.
   *
   * @return an array that the caller may keep but not write to
   * @throws UserException if it is missing, or has another shape or type
   */
  float[] values(ParameterSpec parameter) {
    OnnxTensor named = graph.tensors().get(prefix + parameter.name());
    if (named != null) {
      return floats(named, parameter.shape());
    }
    OnnxTensor factor = factor(parameter.name());
    if (factor == null) {
      throw notBert("there is no " + parameter.name());
    }
    int out = parameter.shape().get(0);
    int in = parameter.shape().get(1);
    return transposed(floats(factor, List.of(in, out)), in, out);
  }

  private @Nullable OnnxTensor factor(String weight) {
    String layer = prefix + weight.substring(0, weight.lastIndexOf('.'));
    String node = "/" + layer.replace('.', '/').replaceAll("/layer/(\\d+)/", "/layer.$1/");
    Map<String, OnnxTensor> tensors = graph.tensors();
    String name = graph.factors().get(node + "/MatMul");
    return name == null ? null : tensors.get(name);
  }

  private float[] floats(OnnxTensor tensor, List<Integer> shape) {
    if (tensor.type() != OnnxTensor.FLOAT32) {
      throw new UserException(
          place,
          "%s has elements of ONNX type %d, only float32 (1) can be trained"
              .formatted(tensor.name(), tensor.type()),
          "Export the model without quantization, in float32.");
    }
    if (!tensor.shape().equals(shape)) {
      throw notBert(
          "%s has the shape %s where %s is needed".formatted(tensor.name(), tensor.shape(), shape));
    }
    float[] values = tensor.values();
    if (values == null) {
      throw new UserException(
          place,
          "the values of " + tensor.name() + " are not in the file",
          "Export the model with its weights inside the ONNX file.");
    }
    return values;
  }

  private int layersPresent() {
    int layers = 0;
    while (graph
        .tensors()
        .containsKey(prefix + "encoder.layer." + layers + ".attention.self.query.bias")) {
      layers++;
    }
    return layers;
  }

  private int dimension(String name, int axis) {
    OnnxTensor tensor = graph.tensors().get(prefix + name);
    if (tensor == null || tensor.shape().size() <= axis || tensor.shape().get(axis) == 0) {
      throw notBert("there is no " + name + " of " + (axis + 1) + " or more dimensions");
    }
    return tensor.shape().get(axis);
  }

  private UserException notBert(String broken) {
    return new UserException(
        place,
        "not a BERT encoder as far as Weir knows them: " + broken,
        "Use a model of the BERT family, exported to ONNX with its parameter names.");
  }

  private static float[] transposed(float[] values, int rows, int columns) {
    float[] result = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result[column * rows + row] = values[row * columns + column];
      }
    }
    return result;
  }
}
