package dev.weir.coordinator.view;

import dev.weir.mask.Mask;

/** The mask in numbers: one line for each layer. */
final class LayersTable {
  private LayersTable() {}

  static String html(Mask mask) {
    StringBuilder html =
        new StringBuilder(
            "<table><thead><tr><th>layer</th><th>trained</th><th>of</th><th>share</th></tr></thead>"
                + "<tbody>");
    for (Layers.Layer layer : Layers.of(mask)) {
      html.append(
          Text.format(
              "<tr><td>%s</td><td>%,d</td><td>%,d</td><td>%s</td></tr>",
              Text.escape(layer.name()),
              layer.trained(),
              layer.size(),
              Text.percent(layer.density())));
    }
    return html.append("</tbody></table>").toString();
  }
}
