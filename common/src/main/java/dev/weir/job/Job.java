package dev.weir.job;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Everything that a run is a function of. {@link JobFile} reads it; the records of this package are
 * the schema, each component a key.
 *
 * @param name what to call the run: letters, digits, dots, dashes and underscores
 * @param seed where all randomness comes from
 * @param model the base model
 * @param data what to train on
 * @param method which coordinates to train
 * @param training how to train them
 * @param communication how the workers exchange what they learn
 */
public record Job(
    @Default("job")
        @Doc(
            "What to call the run: 1 to 64 letters, digits, dots, dashes and underscores, the first"
                + " a letter or digit.")
        String name,
    @Default("1") @Doc("Where all randomness comes from.") long seed,
    ModelSection model,
    DataSection data,
    MethodSection method,
    TrainingSection training,
    CommunicationSection communication) {

  /**
   * The whole job, defaults and all, in the one way that it can be written: equal jobs give equal
   * texts. {@link JobFile#parse} reads it back.
   */
  public String toYaml() {
    return JobWriter.write(this);
  }

  /** The same job on a machine that has the files of its data in {@code folder}. */
  public Job withDataIn(Path folder) {
    return new Job(name, seed, model, data.in(folder), method, training, communication);
  }

  /** SHA-256 of {@link #toYaml}, in lower-case hexadecimal. */
  public String digest() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(toYaml().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
