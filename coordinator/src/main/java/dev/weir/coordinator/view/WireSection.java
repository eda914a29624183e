package dev.weir.coordinator.view;

/** Bytes against what dense gradients would have needed: two bars on one linear scale. */
final class WireSection {
  private final Snapshot run;

  WireSection(Snapshot run) {
    this.run = run;
  }

  String html() {
    if (run.denseBytes() == 0) {
      return "<p class=\"quiet\">Nothing was exchanged yet.</p>";
    }
    double share = run.exchangedBytes() / run.denseBytes();
    return Text.format(
            "<p class=\"big\"><b>%s</b> times fewer bytes than dense gradients</p>",
            Text.number(1 / share))
        + bar("exchanged", (double) run.exchangedBytes(), share, "ours")
        + bar("dense", run.denseBytes(), 1, "theirs")
        + "<p class=\"quiet\">All sockets of the coordinator, both ways, mask and state included;"
        + " dense is what the same steps would have needed in float32.</p>";
  }

  private static String bar(String name, double bytes, double share, String kind) {
    return Text.format(
        "<div class=\"bar\"><span>%s</span><svg class=\"%s\" viewBox=\"0 0 100 10\""
            + " preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"100\""
            + " height=\"10\" class=\"ground\"/><rect width=\"%.3f\" height=\"10\"/></svg>"
            + "<b>%s</b></div>",
        name, kind, Math.min(100, 100 * share), Text.bytes(bytes));
  }
}
