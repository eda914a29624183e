package dev.weir.coordinator.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.coordinator.view.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The figures of {@code summary.json} and the environment, as tables. */
final class SummaryTables {
  private SummaryTables() {}

  /**
   * All tables.
   *
   * @param summary missing if the run ended before its first step
   */
  static String html(Path summary) throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode root = Files.exists(summary) ? json.readTree(summary.toFile()) : json.nullNode();
    Map<String, String> run = new LinkedHashMap<>();
    StringBuilder tables = new StringBuilder();
    root.properties()
        .forEach(
            field -> {
              if (field.getKey().equals("wire") || field.getKey().equals("seconds")) {
                tables.append(table(heading(field.getKey()), rows(field.getValue())));
              } else if (field.getKey().equals("late")) {
                tables.append(late(field.getValue()));
              } else if (field.getValue().isValueNode()) {
                run.put(words(field.getKey()), value(field.getKey(), field.getValue()));
              }
            });
    return "<div class=\"grid tables\">"
        + (run.isEmpty() ? "" : table("Run", run))
        + table("Environment of the coordinator", environment())
        + tables
        + "</div>";
  }

  private static String late(JsonNode workers) {
    Map<String, String> rows = new LinkedHashMap<>();
    for (JsonNode worker : workers) {
      rows.put(
          Text.escape(worker.path("worker").asText()),
          Text.format(
              "%,d steps, which cost %s s",
              worker.path("times").asInt(), Text.number(worker.path("seconds").asDouble())));
    }
    return rows.isEmpty() ? "" : table("Workers that were late", rows);
  }

  private static String heading(String key) {
    return key.equals("wire") ? "Bytes" : "Time";
  }

  private static Map<String, String> rows(JsonNode group) {
    Map<String, String> rows = new LinkedHashMap<>();
    boolean seconds = !group.has("sentBytes");
    group
        .properties()
        .forEach(
            field ->
                rows.put(
                    words(field.getKey()),
                    seconds
                        ? Text.number(field.getValue().asDouble()) + " s"
                        : value(field.getKey(), field.getValue())));
    return rows;
  }

  private static String value(String key, JsonNode value) {
    if (key.contains("Bytes")) {
      return Text.bytes(value.asDouble());
    }
    if (value.isFloatingPointNumber()) {
      return Text.number(value.asDouble());
    }
    return value.isNumber() ? Text.format("%,d", value.asLong()) : Text.escape(value.asText());
  }

  /** {@code stepSentBytes} becomes {@code step sent bytes}. */
  private static String words(String key) {
    return key.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> environment() {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("operating system", property("os.name") + " " + property("os.version"));
    rows.put("architecture", property("os.arch"));
    rows.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    rows.put("largest heap", Text.bytes(Runtime.getRuntime().maxMemory()));
    rows.put("Java", property("java.runtime.version"));
    rows.put("Java machine", property("java.vm.name"));
    return rows;
  }

  private static String property(String name) {
    return Text.escape(System.getProperty(name, ""));
  }

  private static String table(String title, Map<String, String> rows) {
    StringBuilder html = new StringBuilder("<section><h2>" + title + "</h2><table><tbody>");
    rows.forEach(
        (name, value) -> html.append("<tr><td>" + name + "</td><td>" + value + "</td></tr>"));
    return html.append("</tbody></table></section>").toString();
  }
}
