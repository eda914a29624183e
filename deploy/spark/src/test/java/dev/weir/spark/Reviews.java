package dev.weir.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A real job that takes seconds: one layer of the bundled model on short sentences. */
final class Reviews {
  private static final String[] THINGS = {"the plot", "a song", "my old radio", "this hotel", "it"};
  private static final String[] GOOD = {"was a joy", "shines", "is \"worth\" it, really"};
  private static final String[] BAD = {"fell apart", "bored me", "is a waste, sadly"};
  private static final int ROWS = 80;

  private Reviews() {}

  /** Writes {@code reviews.csv} and {@code job.yaml}, which trains on it, into a folder. */
  static void write(Path folder, int steps) throws IOException {
    Files.writeString(folder.resolve("reviews.csv"), rows());
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        name: reviews
        model:
          layers: 1
          maxLength: 16
        data:
          source: files
          train: reviews.csv
          textColumn: review
          labelColumn: stars
          heldOutFraction: 0.2
        method:
          samples: 8
        training:
          steps: %d
          batchSize: 4
          shards: 4
        communication:
          chunkLength: 4096
          failureTimeout: 5s
        """
            .formatted(steps));
  }

  private static String rows() {
    Random random = new Random(1);
    StringBuilder rows = new StringBuilder("review,stars\n");
    for (int i = 0; i < ROWS; i++) {
      boolean good = random.nextBoolean();
      String[] verdicts = good ? GOOD : BAD;
      String text = THINGS[random.nextInt(5)] + " " + verdicts[random.nextInt(3)] + " " + i;
      rows.append('"').append(text.replace("\"", "\"\"")).append("\",").append(good ? 5 : 1);
      rows.append('\n');
    }
    return rows.toString();
  }
}
