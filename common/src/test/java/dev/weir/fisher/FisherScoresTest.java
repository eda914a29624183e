package dev.weir.fisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.data.EncodedExamples;
import dev.weir.evaluation.TokenModel;
import dev.weir.model.FisherKind;
import dev.weir.problem.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FisherScoresTest {
  private static final Offset<Float> NEAR = within(1e-6f);
  private static final float LN_3 = (float) Math.log(3);

  private final TokenModel model =
      new TokenModel(new float[][] {{0, 0}, {0, LN_3}, {LN_3, 0}}, 0, 0);

  private final EncodedExamples examples =
      EncodedExamples.of(new int[][] {{0, 5}, {1}, {2, 5, 5}, {1, 5}}, new int[] {1, 1, 0, 0});

  @Test
  void isTheMeanOfEachSamplesSquaredGradient() {
    float[] scores = compute(examples, settings(4, 3, 1));
    // Errors p − y: ±1/2 for token 0, ±1/4 and ±3/4 for token 1, ±1/4 for token 2.
    float[] expected = {1 / 16f, 1 / 16f, 10 / 64f, 10 / 64f, 1 / 64f, 1 / 64f, 15 / 64f, 15 / 64f};
    assertThat(scores).containsExactly(expected, NEAR);
  }

  @Test
  void moreSamplesThanThereAreMeansAll() {
    assertThat(compute(examples, settings(1000, 2, 9)))
        .containsExactly(compute(examples, settings(4, 2, 1)), NEAR);
  }

  @Test
  void theBatchSizeDoesNotChooseOtherSamples() {
    EncodedExamples many = distinctTokens(100);
    float[] one = computeOnDistinctTokens(many, settings(10, 1, 5));
    assertThat(computeOnDistinctTokens(many, settings(10, 7, 5))).containsExactly(one, NEAR);
  }

  @Test
  void noSampleIsTakenTwiceAndTheSeedChoosesWhich() {
    EncodedExamples many = distinctTokens(100);
    List<Integer> first = taken(computeOnDistinctTokens(many, settings(10, 4, 1)));
    List<Integer> same = taken(computeOnDistinctTokens(many, settings(10, 4, 1)));
    List<Integer> other = taken(computeOnDistinctTokens(many, settings(10, 4, 2)));
    assertThat(first).hasSize(10).isEqualTo(same).isNotEqualTo(other);
  }

  @Test
  void moreSamplesIncludeThoseOfFewer() {
    EncodedExamples many = distinctTokens(100);
    List<Integer> few = taken(computeOnDistinctTokens(many, settings(10, 4, 1)));
    assertThat(taken(computeOnDistinctTokens(many, settings(30, 4, 1)))).containsAll(few);
  }

  @Test
  void tellsItsProgress() {
    List<Integer> progress = new ArrayList<>();
    FisherScores.compute(model, examples, settings(4, 3, 1), progress::add);
    assertThat(progress).containsExactly(3, 4);
  }

  @Test
  void namesTheParameterOfAScoreThatIsNotFinite() {
    TokenModel broken = new TokenModel(new float[][] {{0, 0}, {0, Float.NaN}, {0, 0}}, 0, 0);
    assertThatThrownBy(() -> FisherScores.compute(broken, examples, settings(4, 3, 1), done -> {}))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Fisher score of weight[2]: NaN, but every score must be finite");
  }

  @Test
  void refusesNoSamples() {
    assertThatThrownBy(() -> settings(0, 8, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 samples in batches of 8; at least 1 of each");
  }

  private static FisherSettings settings(int samples, int batchSize, long seed) {
    return new FisherSettings(FisherKind.EMPIRICAL, samples, batchSize, seed);
  }

  private float[] compute(EncodedExamples train, FisherSettings settings) {
    return FisherScores.compute(model, train, settings, done -> {});
  }

  private static EncodedExamples distinctTokens(int count) {
    int[][] tokens = IntStream.range(0, count).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
    return EncodedExamples.of(tokens, new int[count]);
  }

  private static float[] computeOnDistinctTokens(EncodedExamples train, FisherSettings settings) {
    TokenModel wide = new TokenModel(new float[train.size()][2], 0, 0);
    return FisherScores.compute(wide, train, settings, done -> {});
  }

  /** A token's weights have a score exactly if its sample was taken. */
  private static List<Integer> taken(float[] scores) {
    return IntStream.range(0, scores.length / 2 - 1)
        .filter(i -> scores[2 * i] > 0)
        .boxed()
        .toList();
  }
}
