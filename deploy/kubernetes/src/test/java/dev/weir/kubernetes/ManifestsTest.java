package dev.weir.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The committed resources, or, where {@code deploy/kubernetes/test} has rendered them, all
 * documents of all overlays: whether the client's types have every field.
 */
class ManifestsTest {
  private static final String RENDERED = "weir.rendered";
  private static final String MISSPELT = "weir.misspelt";

  /** Keys of these are the user's. */
  private static final Set<String> FREE =
      Set.of("labels", "matchLabels", "data", "selector", "limits", "requests");

  private static List<Map<String, Object>> documents() throws IOException {
    String rendered = System.getProperty(RENDERED);
    return Manifests.read(
        rendered == null
            ? List.of(
                Path.of("base"), Path.of("components/jobset/copy"), Path.of("components/kueue"))
            : List.of(Path.of(rendered)));
  }

  @Test
  void everyFieldIsOneThatKubernetesKnows() throws Exception {
    List<Map<String, Object>> documents = documents();
    assertThat(documents).extracting(each -> each.get("kind")).contains("Job", "JobSet");
    for (Map<String, Object> document : documents) {
      assertThatCode(() -> Manifests.load(document)).as("%s", document).doesNotThrowAnyException();
    }
  }

  @Test
  void anyFieldSpelledWrongIsRefused() throws Exception {
    int count = 0;
    for (Map<String, Object> document : documents()) {
      for (Map<String, Object> wrong : misspellings(document)) {
        assertThatThrownBy(() -> Manifests.load(wrong)).as("%s", wrong).isNotNull();
        count++;
      }
    }
    assertThat(count).isGreaterThan(250);
  }

  @Test
  void copiesThatWereSpelledWrongBeforeRenderingAreRefused() throws Exception {
    String misspelt = System.getProperty(MISSPELT);
    assumeThat(misspelt).as("rendered by deploy/kubernetes/test").isNotNull();
    List<Path> files = Manifests.files(Path.of(misspelt));
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertThat(Manifests.read(file)).as("%s", file).anyMatch(ManifestsTest::isRefused);
    }
  }

  private static boolean isRefused(Map<String, Object> document) {
    try {
      Manifests.load(document);
      return false;
    } catch (IOException | RuntimeException e) {
      return true;
    }
  }

  /** Copies of a node, each with one field renamed. */
  private static List<Map<String, Object>> misspellings(Map<String, Object> node) {
    List<Map<String, Object>> copies = new ArrayList<>();
    node.forEach(
        (key, value) -> {
          Map<String, Object> renamed = new LinkedHashMap<>(node);
          renamed.put(key + "s", renamed.remove(key));
          copies.add(renamed);
          if (!FREE.contains(key)) {
            below(value).forEach(changed -> copies.add(with(node, key, changed)));
          }
        });
    return copies;
  }

  /** The same for whatever a field holds. */
  private static Stream<Object> below(Object value) {
    if (value instanceof Map<?, ?>) {
      return misspellings(Manifests.asMap(value)).stream().map(Object.class::cast);
    }
    if (!(value instanceof List<?> list)) {
      return Stream.of();
    }
    List<Object> copies = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      int index = i;
      below(list.get(i))
          .forEach(
              changed -> {
                List<Object> copy = new ArrayList<>(list);
                copy.set(index, changed);
                copies.add(copy);
              });
    }
    return copies.stream();
  }

  private static Map<String, Object> with(Map<String, Object> node, String key, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(node);
    copy.put(key, value);
    return copy;
  }
}
