package dev.weir.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pins every key, default and range: docs/job-file.md says what the records say. */
class JobReferenceTest {
  private static final List<KeySpec> KEYS = KeySpec.of(Job.class, "");

  @Test
  void referenceListsEveryKeyWithItsDefaultAndWhatIsAllowed() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/job-file.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();

    assertThat(rows).containsExactlyElementsOf(KEYS.stream().map(this::row).toList());
  }

  @Test
  void everyKeyIsExplained() {
    assertThat(KEYS).allSatisfy(key -> assertThat(key.doc()).endsWith("."));
  }

  @Test
  void everyDefaultIsItselfAllowedExceptWhereThereIsNone() {
    assertThat(KEYS.stream().filter(key -> key.defaultValue() == null).map(KeySpec::path))
        .containsExactly("data.train", "data.heldOut");
  }

  private String row(KeySpec key) {
    String initially = key.defaultText() == null ? "none" : "`" + key.defaultText() + "`";
    return "| `%s` | %s | %s | %s |".formatted(key.path(), initially, key.allowed(), key.doc());
  }
}
