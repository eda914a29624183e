package dev.weir.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GrafanaDashboardTest {
  private static final Path DASHBOARD =
      Path.of("..", "deploy", "observability", "grafana-dashboard.json");
  private static final Path DOCUMENTATION = Path.of("..", "docs", "watching.md");
  private static final Pattern SELECTED = Pattern.compile("([a-z_]+)\\{instance=");
  private static final Pattern SERIES = Pattern.compile("(?m)^([a-z_]+)(\\{| )");
  private static final Pattern DOCUMENTED = Pattern.compile("`(weir_[a-z_]+)");

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static Set<String> exported() {
    try (Metrics metrics = new Metrics()) {
      Sample.tell(metrics);
      return found(SERIES, metrics.scrape());
    }
  }

  @Test
  void usesOnlySeriesThatExist() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
    Set<String> used = new TreeSet<>();
    for (JsonNode expression : dashboard.findValues("expr")) {
      Set<String> names = found(SELECTED, expression.asText());
      assertThat(names).as(expression.asText()).isNotEmpty();
      used.addAll(names);
    }
    assertThat(exported()).containsAll(used);
  }

  @Test
  void theDocumentationNamesEverySeries() throws IOException {
    Set<String> ours = new TreeSet<>(exported());
    ours.removeIf(name -> !name.startsWith("weir_"));
    ours.removeIf(name -> name.startsWith("weir_step_duration_seconds_"));
    ours.add("weir_step_duration_seconds");
    assertThat(found(DOCUMENTED, Files.readString(DOCUMENTATION))).isEqualTo(ours);
  }
}
