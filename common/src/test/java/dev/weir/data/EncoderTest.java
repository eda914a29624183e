package dev.weir.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EncoderTest {
  private static final int CLS = 101;
  private static final int SEP = 102;

  private static byte[] tokenizerJson;

  @BeforeAll
  static void readTokenizer() throws IOException {
    try (InputStream in =
        EncoderTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
      tokenizerJson = in.readAllBytes();
    }
  }

  @Test
  void encodesWithSpecialTokensAndWithoutPadding() {
    try (Encoder encoder = new Encoder(tokenizerJson, 64)) {
      int[][] tokens = encoder.encode(List.of("Hello world!", "Hello"));
      assertThat(tokens[0]).containsExactly(CLS, 7592, 2088, 999, SEP);
      assertThat(tokens[1]).containsExactly(CLS, 7592, SEP);
    }
  }

  @Test
  void cutsAtTheMaximumLengthNotAtThatOfTheFile() {
    String text = "word ".repeat(1000);
    for (int maxLength : new int[] {3, 100, 128, 200, 700}) {
      try (Encoder encoder = new Encoder(tokenizerJson, maxLength)) {
        int[] tokens = encoder.encode(List.of(text))[0];
        assertThat(tokens).hasSize(maxLength).startsWith(CLS).endsWith(SEP);
      }
    }
  }

  @Test
  void aTextHasTheSameTokensInAnyCompany() {
    try (Encoder encoder = new Encoder(tokenizerJson, 64)) {
      List<String> many = Collections.nCopies(1100, "A weir lets the water through.");
      int[] alone = encoder.encode(many.subList(0, 1))[0];
      assertThat(List.of(encoder.encode(many)))
          .hasSize(1100)
          .allMatch(tokens -> Arrays.equals(tokens, alone));
    }
  }

  @Test
  void refusesALengthWithoutRoomForAToken() {
    assertThatThrownBy(() -> new Encoder(tokenizerJson, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximum length 2; at least 3");
  }

  @Test
  void refusesWhatIsNotATokenizer() {
    assertThatThrownBy(() -> new Encoder("{}".getBytes(StandardCharsets.UTF_8), 64))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("tokenizer.json: this is not a tokenizer that can be read: ");
  }
}
