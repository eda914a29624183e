package dev.weir.spark;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/**
 * A table as a file of labelled texts in the run directory. Coordinator and workers read this very
 * file, so that all have the same bytes; its name holds a digest of them, so that runs of one
 * application can send theirs to the executors side by side.
 */
final class DataFile {
  /** Every process holds all of it in memory. */
  static final long MAX_BYTES = 512L << 20;

  private static final int PROBLEMS_SHOWN = 10;
  private static final int NAME_BYTES = 8;

  private final TableData table;
  private final long maxBytes;
  private final List<String> emptyRows = new ArrayList<>();
  private long rows;
  private long bytes;

  private DataFile(TableData table, long maxBytes) {
    this.table = table;
    this.maxBytes = maxBytes;
  }

  /**
   * Writes the file.
   *
   * @param folder receives it
   * @param maxBytes that it may have
   * @throws UserException if a row has no text or no label, or there are no rows or too many
   */
  static Path write(TableData table, Path folder, long maxBytes) {
    table.check();
    DataFile file = new DataFile(table, maxBytes);
    MessageDigest digest = sha256();
    try {
      Files.createDirectories(folder);
      Path unfinished = Files.createTempFile(folder, "data", ".part");
      try (OutputStream out = new DigestOutputStream(Files.newOutputStream(unfinished), digest)) {
        file.copy(out);
      } finally {
        if (file.isWrong()) {
          Files.delete(unfinished);
        }
      }
      file.requireRows();
      String name = HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
      return Files.move(
          unfinished,
          folder.resolve("weir-" + name + ".jsonl"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the data to " + folder, e);
    }
  }

  private void copy(OutputStream out) throws IOException {
    Iterator<String> lines = table.lines();
    while (lines.hasNext()) {
      String line = lines.next();
      rows++;
      if (line == null) {
        reportEmpty();
      } else {
        byte[] encoded = (line + "\n").getBytes(StandardCharsets.UTF_8);
        bytes += encoded.length;
        requireRoom();
        out.write(encoded);
      }
    }
  }

  private boolean isWrong() {
    return rows == 0 || !emptyRows.isEmpty() || bytes > maxBytes;
  }

  private void reportEmpty() {
    emptyRows.add(String.valueOf(rows));
    if (emptyRows.size() > PROBLEMS_SHOWN) {
      emptyRows.set(PROBLEMS_SHOWN, "…");
      throw emptyRows();
    }
  }

  private UserException emptyRows() {
    return new UserException(
        table.name(),
        "row %s: \"%s\" or \"%s\" is null or empty, but every row needs a text and a label"
            .formatted(String.join(", ", emptyRows), table.textColumn(), table.labelColumn()),
        "Fill them in, or leave the rows out: data.na().drop().");
  }

  private void requireRoom() {
    if (bytes > maxBytes) {
      throw new UserException(
          table.name(),
          "texts and labels take more than %d MiB, at row %d; allowed are %d MiB, because each"
                  .formatted(maxBytes >> 20, rows, maxBytes >> 20)
              + " process holds them all in memory",
          "Train on a sample: data.sample(0.1, 1).");
    }
  }

  private void requireRows() {
    if (!emptyRows.isEmpty()) {
      throw emptyRows();
    }
    if (rows == 0) {
      throw new UserException(
          table.name(), "there are no rows, but there is something to learn", "Give other data.");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
