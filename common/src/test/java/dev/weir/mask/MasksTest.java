package dev.weir.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.parameter.ParameterLayout;
import dev.weir.problem.UserException;
import java.util.Comparator;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MasksTest {
  private final ParameterLayout layout =
      ParameterLayout.builder()
          .add("embeddings.weight", 5, 4)
          .add("layer.0.dense.weight", 3, 4)
          .add("layer.0.dense.bias", 3)
          .addFresh("classifier.weight", 2, 3)
          .add("last.bias", 2)
          .build();

  @Property(tries = 300)
  void topKTakesTheHighestScoresAndOfEqualOnesTheLowerCoordinates(
      @ForAll long seed, @ForAll @IntRange(min = 6, max = 43) int k) {
    float[] scores = scores(new Random(seed));
    int[] expected =
        IntStream.concat(
                IntStream.range(35, 41),
                IntStream.range(0, 43)
                    .filter(i -> i < 35 || i >= 41)
                    .boxed()
                    .sorted(
                        Comparator.comparingDouble((Integer i) -> -scores[i] + 0.0)
                            .thenComparing(i -> i))
                    .limit(k - 6)
                    .mapToInt(i -> i))
            .sorted()
            .toArray();
    assertThat(Masks.topK(layout, scores, k).indices()).containsExactly(expected);
  }

  /** Many ties, both zeros, both infinities, negatives and subnormals. */
  private static float[] scores(Random random) {
    float[] special = {0f, -0f, 1, 1, 2, -1, Float.MIN_VALUE, Float.MAX_VALUE, -3e-40f};
    float[] scores = new float[43];
    for (int i = 0; i < scores.length; i++) {
      scores[i] =
          switch (random.nextInt(4)) {
            case 0 -> special[random.nextInt(special.length)];
            case 1 -> 1 + random.nextInt(3) * Math.ulp(1f);
            case 2 -> random.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
            default -> (float) random.nextGaussian();
          };
    }
    return scores;
  }

  @Test
  void aScoreThatIsNotANumberIsNamed() {
    float[] scores = new float[43];
    scores[22] = Float.NaN;
    assertThatThrownBy(() -> Masks.topK(layout, scores, 10))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("layer.0.dense.weight[2]");
    scores[22] = 0;
    scores[36] = Float.NaN;
    assertThatCode(() -> Masks.topK(layout, scores, 10)).doesNotThrowAnyException();
  }

  @Test
  void magnitudeIgnoresTheSign() {
    float[] values = new float[43];
    values[3] = -5;
    values[7] = 4;
    values[8] = 1;
    assertThat(Masks.magnitude(layout, values, 8).indices())
        .containsExactly(3, 7, 35, 36, 37, 38, 39, 40);
    assertThat(values[3]).isEqualTo(-5);
  }

  @Test
  void aBudgetTooSmallForTheHeadNamesTheSmallestDensityThatWorks() {
    String message = problem(() -> Masks.random(layout, Masks.budget(layout, 0.1), 1));
    assertThat(message).contains("take 6 values").contains("k = 4");
    Matcher density = Pattern.compile("\\((0\\.\\d+)\\)").matcher(message);
    assertThat(density.find()).isTrue();
    int k = Masks.budget(layout, Double.parseDouble(density.group(1)));
    assertThat(k).isEqualTo(6);
    assertThat(Masks.random(layout, k, 1).size()).isEqualTo(6);
    assertThat(Masks.topK(layout, new float[43], k)).isEqualTo(Masks.random(layout, k, 1));
  }

  private static String problem(Runnable action) {
    try {
      action.run();
      return "no problem";
    } catch (UserException e) {
      return e.getMessage();
    }
  }

  @Test
  void theBudgetIsExactInDecimal() {
    ParameterLayout hundred = ParameterLayout.builder().add("a", 100).build();
    assertThat(Masks.budget(hundred, 0.29)).isEqualTo(29);
    assertThat(Masks.budget(hundred, 1)).isEqualTo(100);
    assertThatThrownBy(() -> Masks.budget(hundred, 0.005)).isInstanceOf(UserException.class);
  }

  @Test
  void bitfitTakesBiasesAndWhatIsFresh() {
    assertThat(Masks.bitfit(layout).indices())
        .containsExactly(32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42);
  }

  @Test
  void randomMasksDependOnTheSeedAlone() {
    assertThat(Masks.random(layout, 20, 7)).isEqualTo(Masks.random(layout, 20, 7));
    assertThat(Masks.random(layout, 20, 7)).isNotEqualTo(Masks.random(layout, 20, 8));
    assertThat(Masks.random(layout, 12, 7).indices())
        .containsExactly(1, 8, 10, 21, 26, 31, 35, 36, 37, 38, 39, 40);
  }

  @Test
  void randomMasksAreUniform() {
    int[] counts = new int[43];
    int draws = 4000;
    for (int seed = 0; seed < draws; seed++) {
      for (int coordinate : Masks.random(layout, 16, seed).indices()) {
        counts[coordinate]++;
      }
    }
    double expected = draws * 10 / 37.0;
    double sigma = Math.sqrt(draws * (10 / 37.0) * (27 / 37.0));
    for (int i = 0; i < counts.length; i++) {
      if (i < 35 || i >= 41) {
        assertThat((double) counts[i]).isBetween(expected - 5 * sigma, expected + 5 * sigma);
      }
    }
  }

  @Test
  void everyCoordinateCanBeTaken() {
    assertThat(Masks.topK(layout, new float[43], 43)).isEqualTo(Masks.dense(layout));
    assertThat(Masks.random(layout, 43, 3)).isEqualTo(Masks.dense(layout));
  }
}
