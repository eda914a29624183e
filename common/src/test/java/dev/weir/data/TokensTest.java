package dev.weir.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {
  private final List<List<String>> calls = new ArrayList<>();
  private final Tokens tokens = new Tokens(List.of("a", "bb", "ccc", "dddd"), this::encode);

  private int[][] encode(List<String> texts) {
    calls.add(texts);
    return texts.stream().map(text -> new int[] {text.length()}).toArray(int[][]::new);
  }

  @Test
  void tokenizesNothingUntilItIsAskedFor() {
    assertThat(calls).isEmpty();
  }

  @Test
  void tokenizesEachTextOnceAndTogether() {
    assertThat(tokens.of(3, 1, 3)).isDeepEqualTo(new int[][] {{4}, {2}, {4}});
    assertThat(tokens.of(1, 0)).isDeepEqualTo(new int[][] {{2}, {1}});
    assertThat(tokens.of(0, 1, 3)).isDeepEqualTo(new int[][] {{1}, {2}, {4}});
    assertThat(calls).containsExactly(List.of("dddd", "bb"), List.of("a"));
  }
}
