package dev.weir.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.data.EncodedExamples;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final float LN_3 = (float) Math.log(3);

  /** p = (1/2, 1/2), (1/4, 3/4) and (3/4, 1/4) for the tokens 0, 1 and 2. */
  private final TokenModel model =
      new TokenModel(new float[][] {{0, 0}, {0, LN_3}, {LN_3, 0}}, 0, 0);

  private final EncodedExamples examples =
      EncodedExamples.of(new int[][] {{0, 5}, {1}, {2, 5, 5}, {1, 5}}, new int[] {1, 1, 0, 0});

  @Test
  void countsPredictionsAndAveragesTheLoss() {
    Evaluation evaluation = Evaluation.of(model, examples, 2, 3);
    // Token 0 is a tie, which goes to the first class.
    assertThat(evaluation.confusion()).hasToString("[[1, 1], [1, 1]]");
    assertThat(evaluation.accuracy()).isEqualTo(0.5);
    assertThat(evaluation.matthews()).isZero();
    assertThat(evaluation.samples()).isEqualTo(4);
    double loss = (Math.log(2) + Math.log(4.0 / 3) + Math.log(4.0 / 3) + Math.log(4)) / 4;
    assertThat(evaluation.loss()).isCloseTo(loss, within(1e-6));
  }

  @Test
  void theBatchSizeDoesNotMatter() {
    Evaluation one = Evaluation.of(model, examples, 2, 1);
    for (int batchSize = 2; batchSize < 6; batchSize++) {
      assertThat(Evaluation.of(model, examples, 2, batchSize)).isEqualTo(one);
    }
  }

  @Test
  void largeLogitsDoNotOverflow() {
    TokenModel sure = new TokenModel(new float[][] {{1e4f, -1e4f}}, 0, 0);
    EncodedExamples right = EncodedExamples.of(new int[][] {{0}}, new int[] {0});
    EncodedExamples wrong = EncodedExamples.of(new int[][] {{0}}, new int[] {1});
    assertThat(Evaluation.of(sure, right, 2, 1).loss()).isZero();
    assertThat(Evaluation.of(sure, wrong, 2, 1).loss()).isEqualTo(2e4);
  }

  @Test
  void aLossThatIsNotANumberIsShownAsSuch() {
    TokenModel broken = new TokenModel(new float[][] {{Float.NaN, 0}}, 0, 0);
    EncodedExamples one = EncodedExamples.of(new int[][] {{0}}, new int[] {0});
    assertThat(Evaluation.of(broken, one, 2, 1).loss()).isNaN();
  }

  @Test
  void refusesToEvaluateOnNothing() {
    EncodedExamples none = EncodedExamples.of(new int[0][], new int[0]);
    assertThatThrownBy(() -> Evaluation.of(model, none, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no example to evaluate on");
  }
}
