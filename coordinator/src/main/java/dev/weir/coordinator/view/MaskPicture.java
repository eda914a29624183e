package dev.weir.coordinator.view;

import dev.weir.coordinator.view.Layers.Layer;
import dev.weir.coordinator.view.Layers.Matrix;
import dev.weir.mask.Mask;
import dev.weir.mask.Selection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws where a mask's coordinates lie, as SVG: a row for each layer, a tile for each matrix, a
 * strip for each vector. Colour says which share of the elements under it is trained, on a
 * logarithmic scale.
 */
final class MaskPicture {
  private static final int LEFT = 150;
  private static final int TILE = 60;
  private static final int STRIP = 7;
  private static final int GAP = 3;
  private static final int GROUP_GAP = 14;
  private static final int ROW = TILE + 12;
  private static final int HEADER = 18;
  private static final int LEGEND = 34;

  private final Mask mask;
  private final StringBuilder svg = new StringBuilder();
  private int width;

  MaskPicture(Mask mask) {
    this.mask = mask;
  }

  String svg() {
    int y = 0;
    List<String> columns = List.of();
    for (Layer layer : Layers.of(mask)) {
      Map<String, List<Matrix>> groups = groups(layer);
      List<String> names = List.copyOf(groups.keySet());
      if (!names.equals(columns) && !label(names.get(names.size() - 1)).isEmpty()) {
        y += HEADER;
        header(groups, y - 6);
        columns = names;
      }
      row(layer, groups, y);
      y += ROW;
    }
    legend(y + 10);
    return Text.format(
            "<svg class=\"mask\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                + " aria-label=\"Share of trained parameters by layer and matrix\">",
            width, y + LEGEND, width, y + LEGEND)
        + svg
        + "</svg>";
  }

  /** Weight and bias of one module stand together. */
  private static Map<String, List<Matrix>> groups(Layer layer) {
    Map<String, List<Matrix>> groups = new LinkedHashMap<>();
    for (Matrix matrix : layer.matrices()) {
      int dot = matrix.name().lastIndexOf('.');
      String module = dot < 0 ? "" : matrix.name().substring(0, dot);
      groups.computeIfAbsent(module, key -> new ArrayList<>()).add(matrix);
    }
    return groups;
  }

  private static int widthOf(List<Matrix> group) {
    int sum = -GAP;
    for (Matrix matrix : group) {
      sum += GAP + (matrix.parameter().isVector() ? STRIP : TILE);
    }
    return Math.max(sum, 24);
  }

  private void header(Map<String, List<Matrix>> groups, int baseline) {
    int x = LEFT;
    for (Map.Entry<String, List<Matrix>> group : groups.entrySet()) {
      svg.append(
          Text.format(
              "<text class=\"column\" x=\"%d\" y=\"%d\">%s</text>",
              x, baseline, Text.escape(label(group.getKey()))));
      x += widthOf(group.getValue()) + GROUP_GAP;
    }
  }

  /** The last part of a module's name that says something. */
  private static String label(String module) {
    String label = "";
    for (String part : module.split("\\.")) {
      if (!part.equals("dense") && !part.equals("self")) {
        label = part;
      }
    }
    return label.equals("LayerNorm") ? "norm" : label.replaceFirst("_embeddings$", "");
  }

  private void row(Layer layer, Map<String, List<Matrix>> groups, int y) {
    svg.append(
        Text.format(
            "<text class=\"layer\" x=\"0\" y=\"%d\">%s</text><text x=\"0\" y=\"%d\">%s trained</text>",
            y + 25, Text.escape(layer.name()), y + 42, Text.percent(layer.density())));
    int x = LEFT;
    for (List<Matrix> group : groups.values()) {
      int at = x;
      for (Matrix matrix : group) {
        int tileWidth = matrix.parameter().isVector() ? STRIP : TILE;
        tile(matrix, at, y, tileWidth);
        at += tileWidth + GAP;
      }
      x += widthOf(group) + GROUP_GAP;
    }
    width = Math.max(width, x - GROUP_GAP + 2);
  }

  private void tile(Matrix matrix, int x, int y, int tileWidth) {
    svg.append(
        Text.format(
            "<g><title>%s %s: %,d of %,d trained (%s)</title>"
                + "<rect class=\"tile\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
            Text.escape(matrix.parameter().name()),
            matrix.parameter().shape(),
            matrix.trained(),
            matrix.parameter().size(),
            Text.percent(matrix.density()),
            x,
            y,
            tileWidth,
            TILE));
    Selection selection = mask.selection(matrix.index());
    if (selection instanceof Selection.All) {
      svg.append(
          Text.format(
              "<rect class=\"full\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
              x, y, tileWidth, TILE));
    } else if (selection instanceof Selection.Indices some) {
      svg.append(
          Text.format(
              "<image x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" preserveAspectRatio=\"none\""
                  + " href=\"%s\"/>",
              x, y, tileWidth, TILE, DensityImage.dataUrl(matrix.parameter(), some.array())));
    }
    svg.append("</g>");
  }

  private void legend(int y) {
    String[] labels = {"0.01 %", "0.1 %", "1 %", "10 %", "100 %"};
    for (int i = 0; i < labels.length; i++) {
      int x = LEFT + i * 62;
      svg.append(
          Text.format(
              "<rect class=\"tile\" x=\"%d\" y=\"%d\" width=\"12\" height=\"12\"/>"
                  + "<rect class=\"full\" opacity=\"%.2f\" x=\"%d\" y=\"%d\" width=\"12\""
                  + " height=\"12\"/><text x=\"%d\" y=\"%d\">%s</text>",
              x, y, DensityImage.alpha(Math.pow(10, i - 4)), x, y, x + 17, y + 10, labels[i]));
    }
    width = Math.max(width, LEFT + labels.length * 62);
  }
}
