package dev.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BertClassifierTest {
  private static final float SCALE = 0.25f;

  private final BertClassifier model = Models.tiny();

  @AfterEach
  void close() {
    model.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 2})
  void gradientIsTheSlopeOfTheLoss(double denseFrom) {
    Mask all = Mask.dense(model.layout());
    // Densities from 2 on do not exist: every matrix takes the sampled path.
    float[] gradient = gradient(all, denseFrom, new HostGather());
    float[] values = model.values();
    for (ParameterSpec parameter : model.layout().parameters()) {
      int steepest = steepest(gradient, parameter);
      assertThat((double) gradient[steepest])
          .as("%s[%d]", parameter.name(), steepest - parameter.offset())
          .isCloseTo(slope(values, steepest), within(2e-4 + 0.01 * Math.abs(gradient[steepest])));
    }
  }

  @Test
  void maskedGradientIsTheDenseGradientAtTheSelectedCoordinates() {
    Mask all = Mask.dense(model.layout());
    float[] dense = gradient(all, 0, new HostGather());
    Mask some = Models.random(model.layout(), 0.3, 5);
    float[] masked = gradient(some, 2, new HostGather());
    assertSame(masked, pick(dense, some));
  }

  @Test
  void gatheringOnTheDeviceGivesWhatGatheringOnTheHostGives() {
    Mask some = Models.random(model.layout(), 0.3, 6);
    float[] host = gradient(some, 2, new HostGather());
    model.select(SelectedParameters.of(some), deviceGather());
    float[] device = new float[some.size()];
    for (double denseFrom : new double[] {0, 0.3, 2}) {
      model.gradient(
          Models.batch(), Models.labels(), SCALE, device, denseFrom, GradientProgress.NONE);
      assertSame(device, host);
    }
  }

  @Test
  void parametersBelowTheLowestSelectedOneAreLeftAlone() {
    Mask head = Models.random(model.layout(), 0, 0); // Nothing but the classifier, which is fresh.
    Mask all = Mask.dense(model.layout());
    float[] dense = gradient(all, 0, new HostGather());
    assertSame(gradient(head, 2, new HostGather()), pick(dense, head));
  }

  @Test
  void theGradientIsThereBlockByBlock() {
    Mask some = Models.random(model.layout(), 0.3, 5);
    for (GradientGather gather : List.of(new HostGather(), deviceGather())) {
      float[] whole = gradient(some, 2, gather);
      float[] gradient = new float[some.size()];
      List<Integer> reached = new ArrayList<>();
      model.gradient(
          Models.batch(),
          Models.labels(),
          SCALE,
          gradient,
          2,
          (loss, from) -> {
            reached.add(from);
            assertThat(Arrays.copyOfRange(gradient, from, gradient.length))
                .isEqualTo(Arrays.copyOfRange(whole, from, whole.length));
          });
      assertThat(reached)
          .as("feed-forward and attention of two layers, and what is below")
          .containsExactly(
              some.start(first("layer.1.intermediate")),
              some.start(first("layer.1.attention")),
              some.start(first("layer.0.intermediate")),
              some.start(first("layer.0.attention")),
              0);
    }
  }

  /** The first parameter of a block. */
  private int first(String block) {
    List<ParameterSpec> parameters = model.layout().parameters();
    for (int index = 0; index < parameters.size(); index++) {
      if (parameters.get(index).name().contains(block)) {
        return index;
      }
    }
    throw new AssertionError("no " + block);
  }

  @Test
  void sameBitsComeOutWhileMemoryIsCollectedAndReused() throws InterruptedException {
    Mask some = Models.random(model.layout(), 0.2, 8);
    model.select(some);
    float[] first = new float[some.size()];
    model.gradient(Models.batch(), Models.labels(), SCALE, first, 2, GradientProgress.NONE);
    float[] again = new float[some.size()];
    AtomicBoolean done = new AtomicBoolean();
    Thread collector = new Thread(() -> collectAndReuse(done));
    collector.start();
    try {
      for (int repetition = 0; repetition < 50; repetition++) {
        model.gradient(Models.batch(), Models.labels(), SCALE, again, 2, GradientProgress.NONE);
        assertThat(again).isEqualTo(first);
      }
    } finally {
      done.set(true);
      collector.join();
    }
  }

  /** Frees what is unreachable outside of the heap, and writes NaN over it. */
  private static void collectAndReuse(AtomicBoolean done) {
    while (!done.get()) {
      System.gc();
      for (int i = 0; i < 100; i++) {
        ByteBuffer.allocateDirect(4).putInt(-1);
      }
    }
  }

  @Test
  void noArrayOutlivesTheCallThatMadeIt() {
    Mask some = Models.random(model.layout(), 0.2, 14);
    float[] values = new float[some.size()];
    float[] scores = new float[n()];
    model.select(SelectedParameters.of(some), deviceGather());
    model.gradient(
        Models.batch(),
        Models.labels(),
        SCALE,
        values,
        2,
        GradientProgress.NONE); // Makes index arrays.
    model.gradient(Models.batch(), Models.labels(), SCALE, values, 0, GradientProgress.NONE);
    int before = arrays();
    for (int step = 0; step < 20; step++) {
      model.gradient(
          Models.batch(), Models.labels(), SCALE, values, step % 2 * 2, GradientProgress.NONE);
      model.read(values);
      model.write(values);
      model.logits(Models.batch());
      model.addFisher(Models.batch(), Models.labels(), FisherKind.EXPECTED, scores);
    }
    assertThat(arrays()).isEqualTo(before);
  }

  @Test
  void fisherInformationIsTheSumOfSquaresOfSingleSamplesGradients() {
    float[] scores = new float[n()];
    model.addFisher(Models.batch(), Models.labels(), FisherKind.EMPIRICAL, scores);
    double[] expected = new double[n()];
    for (int sample = 0; sample < Models.batch().size(); sample++) {
      addSquares(expected, sample, Models.labels()[sample], 1);
    }
    assertSame(scores, expected);
  }

  @Test
  void expectedFisherInformationWeighsEveryClassWithItsProbability() {
    float[] scores = new float[n()];
    model.addFisher(Models.batch(), Models.labels(), FisherKind.EXPECTED, scores);
    double[] expected = new double[n()];
    for (int sample = 0; sample < Models.batch().size(); sample++) {
      float[] logits = model.logits(single(sample))[0];
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit);
      }
      for (int label = 0; label < logits.length; label++) {
        addSquares(expected, sample, label, Math.exp(logits[label]) / sum);
      }
    }
    assertSame(scores, expected);
  }

  @Test
  void fisherInformationIsAddedToWhatIsThere() {
    float[] once = new float[n()];
    model.addFisher(Models.batch(), Models.labels(), FisherKind.EMPIRICAL, once);
    float[] twice = once.clone();
    model.addFisher(Models.batch(), Models.labels(), FisherKind.EMPIRICAL, twice);
    double[] expected = new double[n()];
    Arrays.setAll(expected, i -> 2.0 * once[i]);
    assertSame(twice, expected);
  }

  @Test
  void writtenValuesAreReadBackAndNothingElseChanges() {
    float[] before = model.values();
    Mask some = Models.random(model.layout(), 0.1, 9);
    model.select(some);
    float[] values = Models.ascending(some.size());
    model.write(values);
    float[] read = new float[some.size()];
    model.read(read);
    assertThat(read).isEqualTo(values);
    int[] coordinates = some.indices();
    for (int i = 0; i < values.length; i++) {
      before[coordinates[i]] = values[i];
    }
    assertThat(model.values()).isEqualTo(before);
  }

  @Test
  void coordinatesThatLeaveTheMaskKeepTheirValues() {
    Mask first = Models.random(model.layout(), 0.1, 10);
    model.select(first);
    model.write(new float[first.size()]);
    float[] between = model.values();
    Mask second = Models.random(model.layout(), 0.1, 11);
    model.select(second);
    float[] values = new float[second.size()];
    model.read(values);
    model.write(values);
    assertThat(model.values()).isEqualTo(between);
  }

  @Test
  void paddingChangesNoSequencesScores() {
    float[][] together = model.logits(Models.batch());
    for (int sample = 0; sample < together.length; sample++) {
      float[] alone = model.logits(single(sample))[0];
      for (int label = 0; label < alone.length; label++) {
        assertThat(together[sample][label]).isCloseTo(alone[label], within(1e-5f));
      }
    }
  }

  @Test
  void digestDependsOnTheValues() {
    try (BertClassifier same = Models.tiny()) {
      assertThat(same.digest()).isEqualTo(model.digest()).hasSize(64);
    }
    Mask some = Models.random(model.layout(), 0.1, 13);
    model.select(some);
    String loaded = model.digest();
    model.write(new float[some.size()]);
    assertThat(model.digest()).isEqualTo(loaded);
  }

  @Test
  void aTokenOutsideTheVocabularyIsRefused() {
    assertThatThrownBy(() -> model.logits(TokenBatch.of(List.of(new int[] {30}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token 30")
        .hasMessageContaining("30");
  }

  @Test
  void aSequenceLongerThanThePositionsIsRefused() {
    assertThatThrownBy(() -> model.logits(TokenBatch.of(List.of(new int[13]))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("13 tokens")
        .hasMessageContaining("12 positions");
  }

  @Test
  void aLabelThatIsNoClassIsRefused() {
    Mask all = Mask.dense(model.layout());
    model.select(all);
    float[] gradient = new float[all.size()];
    assertThatThrownBy(() -> model.gradient(Models.batch(), new int[] {0, 3, 0}, SCALE, gradient))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label 3");
  }

  @Test
  void aMaskOfAnotherLayoutIsRefused() {
    Mask foreign = Mask.dense(new BertShape(30, 12, 2, 8, 20, 1, 2, 3).layout());
    assertThatThrownBy(() -> model.select(foreign))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another layout");
  }

  @Test
  void nothingCanBeReadBeforeAMaskIsSelected() {
    assertThatThrownBy(() -> model.read(new float[1])).isInstanceOf(IllegalStateException.class);
  }

  private GradientGather deviceGather() {
    return new DeviceGather(TorchEngine.start(1).newBaseManager());
  }

  /** Number of arrays in the engine's memory. */
  private static int arrays() {
    try (NDManager manager = TorchEngine.start(1).newBaseManager()) {
      return manager.getParentManager().getManagedArrays().size();
    }
  }

  private float[] gradient(Mask mask, double denseFrom, GradientGather gather) {
    model.select(SelectedParameters.of(mask), gather);
    float[] gradient = new float[mask.size()];
    model.gradient(
        Models.batch(), Models.labels(), SCALE, gradient, denseFrom, GradientProgress.NONE);
    return gradient;
  }

  /** Central difference of the loss, computed in double precision from the logits. */
  private double slope(float[] values, int coordinate) {
    float step = 0.01f;
    float[] moved = values.clone();
    moved[coordinate] = values[coordinate] + step;
    model.write(moved);
    double above = loss();
    moved[coordinate] = values[coordinate] - step;
    model.write(moved);
    double below = loss();
    model.write(values);
    return (above - below) / (2 * step);
  }

  private double loss() {
    float[][] logits = model.logits(Models.batch());
    double loss = 0;
    for (int sample = 0; sample < logits.length; sample++) {
      double sum = 0;
      for (float logit : logits[sample]) {
        sum += Math.exp(logit);
      }
      loss += SCALE * (Math.log(sum) - logits[sample][Models.labels()[sample]]);
    }
    return loss;
  }

  private static int steepest(float[] gradient, ParameterSpec parameter) {
    int steepest = parameter.offset();
    for (int i = parameter.offset(); i < parameter.end(); i++) {
      steepest = Math.abs(gradient[i]) > Math.abs(gradient[steepest]) ? i : steepest;
    }
    return steepest;
  }

  private void addSquares(double[] squares, int sample, int label, double weight) {
    Mask all = Mask.dense(model.layout());
    model.select(all);
    float[] gradient = new float[all.size()];
    model.gradient(single(sample), new int[] {label}, 1, gradient, 0, GradientProgress.NONE);
    for (int i = 0; i < gradient.length; i++) {
      squares[i] += weight * gradient[i] * gradient[i];
    }
  }

  private static TokenBatch single(int sample) {
    TokenBatch batch = Models.batch();
    int[] tokens = new int[batch.tokens(sample)];
    Arrays.setAll(tokens, i -> (int) batch.tokens()[sample * batch.length() + i]);
    return TokenBatch.of(List.of(tokens));
  }

  private int n() {
    return model.layout().size();
  }

  private static double[] pick(float[] values, Mask mask) {
    return Arrays.stream(mask.indices()).mapToDouble(i -> values[i]).toArray();
  }

  private static void assertSame(float[] actual, float[] expected) {
    double[] wide = new double[expected.length];
    Arrays.setAll(wide, i -> expected[i]);
    assertSame(actual, wide);
  }

  /** Equal but for rounding: to 1e-5 of each value, and to 1e-6 of the largest one. */
  private static void assertSame(float[] actual, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(largest).isPositive();
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i])
          .as("value %d", i)
          .isCloseTo(expected[i], within(1e-5 * Math.abs(expected[i]) + 1e-6 * largest));
    }
  }
}
