package dev.weir.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mask.Mask;
import dev.weir.mask.Masks;
import dev.weir.parameter.ParameterLayout;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaTest {
  private static final String JOB = "model: minilm # ü\nsteps: 3\n";
  private static final ParameterLayout LAYOUT =
      ParameterLayout.builder().add("a", 30, 40).add("b", 40).addFresh("head", 2).build();
  private static final Mask MASK = Masks.random(LAYOUT, 60, 1);

  @TempDir private Path folder;

  private static Path damaged;
  private static byte[] sound;

  /** Files of the properties, which run too often for a folder each. */
  @BeforeContainer
  static void writeSound() throws IOException {
    damaged = Files.createTempFile("damaged", ".safetensors");
    delta(MASK).write(damaged);
    sound = Files.readAllBytes(damaged);
  }

  @AfterContainer
  static void deleteDamaged() throws IOException {
    Files.delete(damaged);
  }

  private static Delta delta(Mask mask) {
    return Delta.of(JOB, "base", mask, TrainingStateTest.trained(mask.size(), 4));
  }

  @Test
  void aDeltaComesBackToTheBit() {
    for (Mask mask : new Mask[] {MASK, Masks.bitfit(LAYOUT), Mask.dense(LAYOUT)}) {
      Path path = folder.resolve("delta.safetensors");
      Delta delta = delta(mask);
      delta.write(path);
      Delta back = Delta.read(path, LAYOUT, "base");
      assertThat(back.info()).isEqualTo(delta.info());
      assertThat(Delta.readInfo(path)).isEqualTo(delta.info());
      assertThat(back.mask()).isEqualTo(mask);
      assertThat(back.values()).containsExactly(delta.values());
    }
  }

  @Test
  void itSaysWhereItComesFrom() {
    TrainingState state = TrainingStateTest.trained(60, 4);
    DeltaInfo info = Delta.of(JOB, "base", MASK, state).info();
    assertThat(info)
        .isEqualTo(new DeltaInfo("base", LAYOUT.digest(), MASK.digest(), state.digest(), 4, JOB));
  }

  @Test
  void otherProgramsFindIndicesAndValues() throws IOException {
    Path path = folder.resolve("delta.safetensors");
    Delta delta = delta(MASK);
    delta.write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.ints("indices")).containsExactly(MASK.indices());
      assertThat(file.floats("values")).containsExactly(delta.values());
      assertThat(file.metadata()).containsEntry("format", "weir-delta-1").containsEntry("job", JOB);
    }
    delta(Mask.dense(LAYOUT)).write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensors()).containsOnlyKeys("values");
    }
  }

  @Test
  void applyingReplacesExactlyTheTrainedCoordinates() {
    Delta delta = delta(MASK);
    float[] all = new float[LAYOUT.size()];
    Arrays.fill(all, 9);
    delta.applyTo(all);
    int[] coordinates = MASK.indices();
    for (int i = 0; i < coordinates.length; i++) {
      assertThat(all[coordinates[i]]).isEqualTo(delta.values()[i]);
      all[coordinates[i]] = 9;
    }
    assertThat(all).containsOnly(9);
  }

  @Test
  void aDeltaOnAnotherModelIsRefusedWithBothDigests() {
    Path path = folder.resolve("delta.safetensors");
    delta(MASK).write(path);
    assertThatThrownBy(() -> Delta.read(path, LAYOUT, "other"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("delta.safetensors")
        .hasMessageContaining("base model base")
        .hasMessageContaining("this model's is other")
        .hasMessageContaining("Apply it to the model that it was trained from");
    ParameterLayout other = ParameterLayout.builder().add("a", 1242).build();
    assertThatThrownBy(() -> Delta.read(path, other, "base"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(LAYOUT.digest())
        .hasMessageContaining(other.digest());
  }

  @Test
  void otherSafetensorsFilesAreNotDeltas() throws IOException {
    Path path = folder.resolve("model.safetensors");
    new SafetensorsWriter().add("values", new float[2], 2).write(path);
    assertThatThrownBy(() -> Delta.readInfo(path))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("weir-delta-1");
  }

  @Property(tries = 300)
  void anyFlippedBitIsNoticed(@ForAll @IntRange(min = 0) int place) throws IOException {
    byte[] bytes = sound.clone();
    bytes[place / 8 % bytes.length] ^= (byte) (1 << place % 8);
    assertRefused(bytes);
  }

  @Property(tries = 100)
  void anyTruncationIsNoticed(@ForAll @IntRange(min = 0, max = 100_000) int length)
      throws IOException {
    assertRefused(Arrays.copyOf(sound, length % sound.length));
  }

  private static void assertRefused(byte[] bytes) throws IOException {
    Files.write(damaged, bytes);
    assertThatThrownBy(() -> Delta.read(damaged, LAYOUT, "base"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(damaged.getFileName().toString());
  }
}
