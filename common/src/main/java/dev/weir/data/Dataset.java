package dev.weir.data;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Labelled text for classification, split into a part to train on and a part held out. Immutable.
 */
public final class Dataset {
  private static final int CLASSES_SHOWN = 10;

  private final List<String> classes;
  private final List<Example> train;
  private final List<Example> heldOut;
  private final String digest;

  /**
   * @param classes names of the classes; an example's label is an index into them
   * @throws IllegalArgumentException if there are fewer than two classes, a part is empty, or a
   *     label is not that of a class
   */
  public Dataset(List<String> classes, List<Example> train, List<Example> heldOut) {
    this.classes = List.copyOf(classes);
    this.train = List.copyOf(train);
    this.heldOut = List.copyOf(heldOut);
    if (Set.copyOf(classes).size() != classes.size() || classes.size() < 2) {
      throw new IllegalArgumentException("classes are two or more, and distinct: " + classes);
    }
    check("training", this.train);
    check("held-out", this.heldOut);
    this.digest = computeDigest();
  }

  private void check(String part, List<Example> examples) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("the " + part + " part is empty");
    }
    for (Example example : examples) {
      if (example.label() < 0 || example.label() >= classes.size()) {
        throw new IllegalArgumentException(
            "label %d, but the classes are %s".formatted(example.label(), classes));
      }
    }
  }

  /** Names of the classes, in the order of the labels 0, 1, …. */
  public List<String> classes() {
    return classes;
  }

  /** The part to train on. */
  public List<Example> train() {
    return train;
  }

  /** The part to evaluate on. */
  public List<Example> heldOut() {
    return heldOut;
  }

  /** Number of examples in both parts. */
  public int size() {
    return train.size() + heldOut.size();
  }

  /**
   * SHA-256, in lower-case hexadecimal, over the classes and each part's texts and labels in order.
   */
  public String digest() {
    return digest;
  }

  /** For a person: how large the parts are, and how large a share of them each class has. */
  public String summary() {
    return "%d training examples (%s), %d held out (%s)"
        .formatted(train.size(), balance(train), heldOut.size(), balance(heldOut));
  }

  private String balance(List<Example> examples) {
    if (classes.size() > CLASSES_SHOWN) {
      return classes.size() + " classes";
    }
    long[] counts = new long[classes.size()];
    examples.forEach(example -> counts[example.label()]++);
    return IntStream.range(0, counts.length)
        .mapToObj(c -> share(classes.get(c), 100.0 * counts[c] / examples.size()))
        .collect(Collectors.joining(", "));
  }

  private static String share(String name, double percent) {
    return String.format(Locale.ROOT, "%s %.1f %%", name, percent);
  }

  private String computeDigest() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      try (var out =
          new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sha256))) {
        out.writeInt(classes.size());
        for (String name : classes) {
          write(name, out);
        }
        write(train, out);
        write(heldOut, out);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(List<Example> examples, DataOutputStream out) throws IOException {
    out.writeInt(examples.size());
    for (Example example : examples) {
      out.writeInt(example.label());
      write(example.text(), out);
    }
  }

  /** With its length before it, so that no two lists of texts run together into the same bytes. */
  private static void write(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
