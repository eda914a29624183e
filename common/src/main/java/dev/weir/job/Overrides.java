package dev.weir.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values given on the command line, by the paths of their keys; they win over the file. */
final class Overrides {
  /** One {@code key=value}; an empty value takes the key back out of the file. */
  record Setting(Place place, String value) {}

  private final Map<String, Setting> byPath = new LinkedHashMap<>();

  /** Of several for a key, the last counts. */
  Overrides(List<String> texts, List<KeySpec> keys, Problems problems) {
    for (String text : texts) {
      Place place = Place.of("--set " + Quoting.bare(text));
      int equals = text.indexOf('=');
      String path = text.substring(0, Math.max(equals, 0)).strip();
      if (equals < 0) {
        problems.add(place, "has no value", "Write it as key=value: --set training.steps=100.");
      } else if (keys.stream().noneMatch(key -> key.path().equals(path))) {
        reportUnknown(place, path, keys, problems);
      } else {
        byPath.put(path, new Setting(place, text.substring(equals + 1).strip()));
      }
    }
  }

  @Nullable Setting of(KeySpec key) {
    return byPath.get(key.path());
  }

  private static void reportUnknown(
      Place place, String path, List<KeySpec> keys, Problems problems) {
    List<String> inside =
        keys.stream().map(KeySpec::path).filter(k -> k.startsWith(path + ".")).toList();
    if (!inside.isEmpty()) {
      problems.add(
          place,
          path + " is a section, not a key",
          "Name one of its keys: " + String.join(", ", inside) + ".");
      return;
    }
    Optional<String> meant = Suggestion.ofPath(path, keys);
    problems.add(
        place,
        "unknown key " + Quoting.bare(path),
        meant.map(m -> "Did you mean " + m + "?").orElse("docs/job-file.md lists the keys."));
  }
}
