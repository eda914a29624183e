package dev.weir.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.data.LabelledFiles;
import dev.weir.job.JobFile;
import dev.weir.mask.Mask;
import dev.weir.mask.MaskCodec;
import dev.weir.mask.Masks;
import dev.weir.model.OnnxFuzz;
import dev.weir.optimizer.AdamW;
import dev.weir.optimizer.DecayRanges;
import dev.weir.optimizer.LearningRateSchedule;
import dev.weir.parameter.ParameterLayout;
import dev.weir.problem.UserException;
import dev.weir.state.Delta;
import dev.weir.state.SafetensorsFile;
import dev.weir.state.TrainingState;
import dev.weir.state.TrainingStateCodec;
import dev.weir.state.UpdateRule;
import dev.weir.sum.SumFormat;
import dev.weir.sum.SumRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages files in all kinds of ways and gives them to their readers. A reader may accept a file
 * that happens to be sound, or refuse it as the user's mistake; anything else is a bug, and is
 * reported with the seed that replays it.
 *
 * <p>{@code -Dweir.fuzz.cases=N} sets the number of cases for each reader, {@code
 * -Dweir.fuzz.seed=N} the first seed.
 */
class FileFuzzTest {
  private static final long CASES = Long.getLong("weir.fuzz.cases", 300);
  private static final long FIRST_SEED = Long.getLong("weir.fuzz.seed", 1);
  private static final ParameterLayout LAYOUT =
      ParameterLayout.builder().add("a", 30, 40).add("b", 40).addFresh("head", 2).build();
  private static final Mask MASK = Masks.random(LAYOUT, 60, 1);

  @TempDir static Path folder;

  /** Something that reads damaged bytes. */
  interface Reader {
    void read(byte[] bytes) throws Exception;
  }

  private static UpdateRule rule() {
    return new UpdateRule(
        new AdamW(0.9, 0.999, 1e-8, 0.01),
        new LearningRateSchedule(LearningRateSchedule.Shape.CONSTANT, 0.5, 0, 10),
        1,
        new SumRule(SumFormat.FIXED32, 4, 0),
        DecayRanges.of(MASK));
  }

  private static TrainingState state() {
    return new TrainingState(rule(), new float[MASK.size()]);
  }

  private static void fuzz(String what, byte[] sound, Reader reader) throws Exception {
    reader.read(sound);
    long refused = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
      byte[] damaged = new Damage(new Random(seed)).of(sound);
      try {
        reader.read(damaged);
      } catch (UserException e) {
        refused++;
      } catch (Throwable e) {
        throw new AssertionError(what + ": seed " + seed + " ends in " + e, e);
      }
    }
    System.out.printf("%s: %d cases, %d refused%n", what, CASES, refused);
    assertThat(refused).as("damage was found").isPositive();
  }

  private static Reader onFile(String name, Reader reader) {
    Path file = folder.resolve(name);
    return bytes -> {
      Files.write(file, bytes);
      reader.read(bytes);
    };
  }

  @Test
  void masks() throws Exception {
    fuzz("mask", MaskCodec.encode(MASK), bytes -> MaskCodec.decode(LAYOUT, bytes));
  }

  @Test
  void trainingStates() throws Exception {
    UpdateRule rule = rule();
    fuzz(
        "training state",
        TrainingStateCodec.encode(state()),
        bytes -> TrainingStateCodec.decode(bytes, "state", rule));
  }

  private static byte[] delta() throws Exception {
    Path file = folder.resolve("sound.safetensors");
    if (!Files.exists(file)) {
      Delta.of("seed: 1\n", "base", MASK, state()).write(file);
    }
    return Files.readAllBytes(file);
  }

  @Test
  void safetensorsFiles() throws Exception {
    Path file = folder.resolve("damaged.safetensors");
    fuzz(
        "safetensors",
        delta(),
        onFile(file.getFileName().toString(), bytes -> SafetensorsFile.open(file).close()));
  }

  @Test
  void deltas() throws Exception {
    Path file = folder.resolve("damaged-delta.safetensors");
    fuzz(
        "delta",
        delta(),
        onFile(file.getFileName().toString(), bytes -> Delta.read(file, LAYOUT, "base")));
  }

  @Test
  void onnxFiles() throws Exception {
    fuzz("onnx", OnnxFuzz.sound(), OnnxFuzz::read);
  }

  @Test
  void jobFiles() throws Exception {
    String job = JobFile.parse("name: a\ntraining:\n  steps: 10\n", "job.yaml").toYaml();
    fuzz(
        "job file",
        job.getBytes(StandardCharsets.UTF_8),
        bytes -> JobFile.parse(new String(bytes, StandardCharsets.UTF_8), "job.yaml"));
  }

  @Test
  void labelledFiles() throws Exception {
    StringBuilder rows = new StringBuilder("text,label\n");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append("\"sentence, number ").append(i).append("\",").append(i % 2).append('\n');
      lines.append("{\"text\": \"sentence ").append(i).append("\", \"label\": ");
      lines.append(i % 2).append("}\n");
    }
    for (String ending : new String[] {"csv", "jsonl"}) {
      Path file = folder.resolve("rows." + ending);
      fuzz(
          "labelled " + ending,
          (ending.equals("csv") ? rows : lines).toString().getBytes(StandardCharsets.UTF_8),
          onFile(
              file.getFileName().toString(),
              bytes -> new LabelledFiles(file, null, "text", "label", 0.3).load()));
    }
  }
}
