package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a coordinator that comes back need not load again. */
class FoundationTest {
  private static final Foundation SOUND =
      new Foundation(TinyRun.mask().layout().parameters(), "m0del", "da7a", "4 samples");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("foundation.json");
    SOUND.write(file);
  }

  @Test
  void whatWasWrittenIsReadBack() {
    assertThat(Foundation.read(file)).isEqualTo(SOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "[]", "null", "{\"parameters\": null}"})
  void whatIsNotWholeIsMadeAgain(String text) throws Exception {
    Files.writeString(file, text);

    assertThat(Foundation.read(file)).isNull();
  }

  @Test
  void whatIsMissingIsMadeAgain() {
    assertThat(Foundation.read(folder.resolve("none"))).isNull();
  }
}
