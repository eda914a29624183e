package dev.weir.coordinator.view;

import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Groups the parameters of a mask by the layer that they belong to. */
public final class Layers {
  private static final Pattern NUMBERED = Pattern.compile("(.*?\\.\\d+)\\.(.+)");

  private Layers() {}

  /**
   * One layer.
   *
   * @param name such as {@code encoder.layer.3}, {@code embeddings} or {@code classifier}
   * @param matrices its parameters, in their order
   */
  public record Layer(String name, List<Matrix> matrices) {
    /** Number of its parameters, in coordinates. */
    public long size() {
      return matrices.stream().mapToLong(matrix -> matrix.parameter().size()).sum();
    }

    /** Number of those that are trained. */
    public long trained() {
      return matrices.stream().mapToLong(Matrix::trained).sum();
    }

    /** Share of them that is trained. */
    public double density() {
      return (double) trained() / size();
    }
  }

  /**
   * One parameter.
   *
   * @param name inside of its layer
   * @param index in the layout
   * @param trained how many of its elements are trained
   */
  public record Matrix(String name, int index, ParameterSpec parameter, int trained) {
    /** Share of its elements that is trained. */
    public double density() {
      return (double) trained / parameter.size();
    }
  }

  /** The layers in the order of their first parameters. */
  public static List<Layer> of(Mask mask) {
    Map<String, List<Matrix>> layers = new LinkedHashMap<>();
    List<ParameterSpec> parameters = mask.layout().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).name();
      String layer = layerOf(name);
      String inside = name.length() > layer.length() ? name.substring(layer.length() + 1) : name;
      layers
          .computeIfAbsent(layer, key -> new ArrayList<>())
          .add(new Matrix(inside, i, parameters.get(i), mask.selection(i).size()));
    }
    return layers.entrySet().stream().map(e -> new Layer(e.getKey(), e.getValue())).toList();
  }

  /** Up to the first number if there is one, else up to the first dot. */
  private static String layerOf(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (numbered.matches()) {
      return numbered.group(1);
    }
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
