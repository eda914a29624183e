package dev.weir.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A real job that takes seconds: one layer of the bundled model on a file of short sentences. */
final class SmallJob {
  private SmallJob() {}

  /** Writes the job and its data into {@code folder}. */
  static void write(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        name: small
        model:
          layers: 1
          maxLength: 32
        data:
          source: files
          train: sentences.csv
          textColumn: sentence
          labelColumn: verdict
          heldOutFraction: 0.2
        method:
          samples: 8
        training:
          steps: 4
          batchSize: 8
          shards: 4
        communication:
          chunkLength: 4096
          failureTimeout: 30s
        """);
    Files.writeString(folder.resolve("sentences.csv"), sentences());
  }

  private static String sentences() {
    String[] subjects = {"the cat", "a dog", "my old neighbour", "everybody in town", "she"};
    String[] verbs = {"sees", "likes", "has never met", "paints", "was told about"};
    String[] objects = {"the river", "a small red house by the sea", "him", "two ideas", "it"};
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("sentence,verdict\n");
    for (int i = 0; i < 80; i++) {
      String subject = subjects[random.nextInt(5)];
      String verb = verbs[random.nextInt(5)];
      String object = objects[random.nextInt(5)];
      boolean right = random.nextBoolean();
      text.append(right ? subject + " " + verb + " " + object : verb + " " + object + " " + subject)
          .append(' ')
          .append(i)
          .append(right ? ",right\n" : ",wrong\n");
    }
    return text.toString();
  }
}
