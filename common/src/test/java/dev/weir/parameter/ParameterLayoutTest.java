package dev.weir.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {
  private final ParameterLayout layout =
      ParameterLayout.builder().add("a", 2, 3).add("b", 4).addFresh("head", 2, 2).build();

  @Test
  void parametersLieOneBehindTheOther() {
    assertThat(layout.parameters()).extracting(ParameterSpec::offset).containsExactly(0, 6, 10);
    assertThat(layout.size()).isEqualTo(14);
    assertThat(layout.freshSize()).isEqualTo(4);
  }

  @Test
  void everyCoordinateIsFoundInItsParameter() {
    for (int coordinate = 0; coordinate < layout.size(); coordinate++) {
      ParameterSpec parameter = layout.at(coordinate);
      assertThat(coordinate).isBetween(parameter.offset(), parameter.end() - 1);
    }
    assertThatThrownBy(() -> layout.at(14)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> layout.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void parametersAreFoundByName() {
    assertThat(layout.get("b").shape()).containsExactly(4);
    assertThat(layout.indexOf("head")).isEqualTo(2);
    assertThat(layout.indexOf("c")).isEqualTo(-1);
    assertThatThrownBy(() -> layout.get("c"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("c");
  }

  @Test
  void namesAreUniqueAndThereAreNoGaps() {
    assertThatThrownBy(() -> ParameterLayout.builder().add("a", 1).add("a", 2).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new ParameterLayout(
                    List.of(
                        new ParameterSpec("a", List.of(2), 0, false),
                        new ParameterSpec("b", List.of(2), 3, false))))
        .hasMessageContaining("b begins at 3 instead of 2");
  }

  @Test
  void graftedParametersLeaveTheOthersWhereTheyAre() {
    ParameterLayout grafted =
        layout.append(ParameterLayout.builder().addFresh("adapter", 5).build());
    assertThat(grafted.parameters().subList(0, 3)).isEqualTo(layout.parameters());
    assertThat(grafted.get("adapter").offset()).isEqualTo(14);
    assertThat(grafted.get("adapter").fresh()).isTrue();
  }

  @Test
  void digestDependsOnNamesShapesAndFreshness() {
    assertThat(layout.digest()).hasSize(64);
    assertThat(
            List.of(
                variant("a", false, 2, 3),
                variant("b", false, 2, 3),
                variant("a", true, 2, 3),
                variant("a", false, 3, 2),
                variant("a", false, 6)))
        .doesNotHaveDuplicates();
    assertThat(variant("a", false, 2, 3)).isEqualTo(variant("a", false, 2, 3));
  }

  private static String variant(String name, boolean fresh, Integer... shape) {
    return ParameterLayout.builder().add(name, List.of(shape), fresh).build().digest();
  }

  @Test
  void aModelTooLargeToNumberIsTheUsersToMend() {
    LayoutBuilder builder = ParameterLayout.builder().add("a", 1 << 30, 1);
    assertThatThrownBy(() -> builder.add("b", 1 << 15, 1 << 15))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("parameter b")
        .hasMessageContaining("2147483647");
    assertThatThrownBy(() -> builder.add("b", 1 << 30, 1 << 30, 1 << 30))
        .isInstanceOf(UserException.class);
    assertThat(builder.add("b", (1 << 30) - 1).build().size()).isEqualTo(Integer.MAX_VALUE);
  }
}
