package dev.weir.bench.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final List<String> NAMES = List.of("hub", "hub, TLS", "direct", "direct, TLS");

  @Test
  void noWordMeansAll() {
    assertThat(selected()).isEqualTo(NAMES);
  }

  @Test
  void aWholeNameMeansThatOneAlone() {
    assertThat(selected("hub")).containsExactly("hub");
  }

  @Test
  void aPartOfNamesMeansAllOfThem() {
    assertThat(selected("TLS")).containsExactly("hub, TLS", "direct, TLS");
  }

  @Test
  void wordsAddUp() {
    assertThat(selected("direct", " TLS")).containsExactly("hub, TLS", "direct", "direct, TLS");
  }

  @Test
  void aWordThatMeansNobodyIsAMistake() {
    assertThatThrownBy(() -> selected("hub", "ring"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("'ring' is in no name of hub; hub, TLS; direct; direct, TLS");
  }

  private static List<String> selected(String... words) {
    Selection selection = new Selection(List.of(words), NAMES);
    return NAMES.stream().filter(selection::includes).toList();
  }
}
