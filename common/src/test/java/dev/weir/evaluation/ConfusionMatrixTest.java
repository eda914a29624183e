package dev.weir.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {

  @Test
  void twoClassesGiveMatthewsPhi() {
    // (TP·TN − FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN)) = (6·3 − 1·2) / √(7·8·4·5)
    ConfusionMatrix confusion = of(new int[][] {{3, 1}, {2, 6}});
    assertThat(confusion.matthews()).isCloseTo(16 / Math.sqrt(1120), within(1e-15));
    assertThat(confusion.accuracy()).isEqualTo(0.75);
    assertThat(confusion.samples()).isEqualTo(12);
    assertThat(confusion.count(0, 1)).isEqualTo(1);
    assertThat(confusion.count(1, 0)).isEqualTo(2);
  }

  @Test
  void threeClassesGiveGorodkinsCorrelation() {
    // c = 9, s = 15, t = (5, 4, 6), p = (6, 5, 4):
    // (9·15 − 74) / √((225 − 77)(225 − 77)) = 61 / 148
    ConfusionMatrix confusion = of(new int[][] {{4, 1, 0}, {1, 2, 1}, {1, 2, 3}});
    assertThat(confusion.matthews()).isCloseTo(61.0 / 148, within(1e-15));
  }

  @Test
  void degenerateMatricesGiveZero() {
    assertThat(of(new int[][] {{0, 5}, {0, 7}}).matthews()).isZero();
    assertThat(of(new int[][] {{5, 7}, {0, 0}}).matthews()).isZero();
    assertThat(of(new int[][] {{5, 0}, {0, 0}}).matthews()).isZero();
    assertThat(of(new int[][] {{0, 0}, {0, 0}}).matthews()).isZero();
  }

  @Test
  void alwaysTheOtherOfTwoClassesGivesMinusOne() {
    assertThat(of(new int[][] {{0, 5}, {7, 0}}).matthews()).isEqualTo(-1);
  }

  @Property
  void perfectPredictionsGiveOne(
      @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 1000) Integer> diagonal) {
    int[][] counts = new int[diagonal.size()][diagonal.size()];
    for (int k = 0; k < counts.length; k++) {
      counts[k][k] = diagonal.get(k);
    }
    assertThat(of(counts).matthews()).isEqualTo(1);
    assertThat(of(counts).accuracy()).isEqualTo(1);
  }

  @Property
  void namesOfTheClassesDoNotMatter(
      @ForAll @Size(9) List<@IntRange(min = 0, max = 50) Integer> counts) {
    int[] renamed = {2, 0, 1};
    int[][] original = new int[3][3];
    int[][] permuted = new int[3][3];
    for (int i = 0; i < 9; i++) {
      original[i / 3][i % 3] = counts.get(i);
      permuted[renamed[i / 3]][renamed[i % 3]] = counts.get(i);
    }
    assertThat(of(permuted).matthews()).isEqualTo(of(original).matthews());
  }

  @Property
  void theCorrelationIsSymmetricAndWithinItsBounds(
      @ForAll @Size(9) List<@IntRange(min = 0, max = 50) Integer> counts) {
    int[][] original = new int[3][3];
    int[][] transposed = new int[3][3];
    for (int i = 0; i < 9; i++) {
      original[i / 3][i % 3] = counts.get(i);
      transposed[i % 3][i / 3] = counts.get(i);
    }
    assertThat(of(original).matthews()).isBetween(-1.0, 1.0);
    assertThat(of(transposed).matthews()).isEqualTo(of(original).matthews());
  }

  private static ConfusionMatrix of(int[][] counts) {
    ConfusionMatrix.Builder builder = new ConfusionMatrix.Builder(counts.length);
    for (int label = 0; label < counts.length; label++) {
      for (int predicted = 0; predicted < counts.length; predicted++) {
        int row = label;
        int column = predicted;
        IntStream.range(0, counts[row][column]).forEach(i -> builder.add(row, column));
      }
    }
    return builder.build();
  }
}
