package dev.weir.bench.chaos;

import dev.weir.data.EnglishGrammar;
import dev.weir.data.Example;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The job of a chaos run: the bundled model cut to one layer, some of the bundled sentences, one
 * sample per shard.
 */
final class ChaosJob {
  private static final int SENTENCES = 600;
  private static final double HELD_OUT = 0.1;

  private ChaosJob() {}

  /** Writes {@code job.yaml} and its data into {@code folder}. */
  static void write(Path folder, int shards, long steps) {
    String job =
        """
        name: chaos
        seed: 1
        model:
          layers: 1
          maxLength: 16
        data:
          source: files
          train: %s
          textColumn: sentence
          labelColumn: correct
        method:
          name: fisher
          density: 0.001
          samples: 32
        training:
          steps: %d
          batchSize: %d
          shards: %d
          optimizer:
            name: adamw
            learningRate: 1e-4
        communication:
          failureTimeout: 2s
        """
            .formatted(folder.resolve("sentences.tsv"), steps, shards, shards);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("job.yaml"), job);
      Files.writeString(folder.resolve("sentences.tsv"), sentences());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the job", e);
    }
  }

  private static String sentences() {
    StringBuilder text = new StringBuilder("sentence\tcorrect\n");
    List<Example> all =
        new EnglishGrammar(HELD_OUT)
            .load().train().stream()
                .filter(example -> example.text().matches("[^\\t\\n\\r\"]+"))
                .toList();
    for (int i = 0; i < SENTENCES; i++) {
      Example example = all.get((int) ((long) i * all.size() / SENTENCES));
      text.append(example.text()).append(example.label() == 1 ? "\tyes\n" : "\tno\n");
    }
    return text.toString();
  }
}
