package dev.weir.mask;

import dev.weir.parameter.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a mask lies in a model: how much of it is in each kind of parameter of each layer. */
public final class MaskTable {
  private static final Pattern LAYERED = Pattern.compile("(?:.*\\.)?layers?\\.(\\d+)\\.(.+)");

  private MaskTable() {}

  /**
   * One line of the table.
   *
   * @param layer {@code layer 3}, or the first part of the names, such as {@code embeddings}
   * @param kind the module, such as {@code query} or {@code intermediate}, weight and bias together
   * @param selected number of selected coordinates
   * @param of number of coordinates
   * @param share selected coordinates out of the whole mask, 0…1
   */
  public record Row(String layer, String kind, int selected, int of, double share) {}

  /** A row for every module, in the order of the parameters. */
  public static List<Row> of(Mask mask) {
    Map<List<String>, int[]> counts = new LinkedHashMap<>();
    List<ParameterSpec> parameters = mask.layout().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      int[] count = counts.computeIfAbsent(place(parameters.get(i).name()), place -> new int[2]);
      count[0] += mask.selection(i).size();
      count[1] += parameters.get(i).size();
    }
    double whole = Math.max(1, mask.size());
    List<Row> rows = new ArrayList<>();
    counts.forEach(
        (place, count) ->
            rows.add(new Row(place.get(0), place.get(1), count[0], count[1], count[0] / whole)));
    return rows;
  }

  /** Layer and kind of a parameter. */
  private static List<String> place(String name) {
    Matcher layered = LAYERED.matcher(name);
    if (layered.matches()) {
      return List.of("layer " + layered.group(1), kind(layered.group(2)));
    }
    int dot = name.indexOf('.');
    return dot < 0
        ? List.of(name, name)
        : List.of(name.substring(0, dot), kind(name.substring(dot + 1)));
  }

  /** The path of the module, without the parts that every path has. */
  private static String kind(String path) {
    String module = path.replaceFirst("\\.?(weight|bias)$", "");
    String kind = module.replaceFirst("^attention\\.self\\.", "").replaceFirst("\\.dense$", "");
    return kind.isEmpty() ? path : kind;
  }
}
