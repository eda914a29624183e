package dev.weir.data;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads UTF-8, with or without a byte-order mark, strictly. */
final class TextFile {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /**
   * All of the file, without a byte-order mark.
   *
   * @throws UserException if there is no such file, it cannot be read, has no text, or is not UTF-8
   */
  static String read(Path file) {
    String text = decode(file, bytes(file));
    if (text.startsWith(String.valueOf(BYTE_ORDER_MARK))) {
      text = text.substring(1);
    }
    if (text.isBlank()) {
      throw new UserException(
          file.toString(), "the file is empty, but must have labelled texts", "Name another file.");
    }
    return text;
  }

  private static byte[] bytes(Path file) {
    if (!Files.exists(file)) {
      throw new UserException(
          file.toString(),
          "there is no such file; it was looked for at " + file.toAbsolutePath().normalize(),
          "Correct the path.");
    }
    if (!Files.isRegularFile(file)) {
      throw new UserException(
          file.toString(), "this is a directory, not a file", "Name a file in it.");
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserException(
          file.toString(), "the file cannot be read: " + e, "Check its permissions.");
    }
  }

  private static String decode(Path file, byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new UserException(
          file + ":" + lineAt(bytes, in.position()),
          "byte 0x%02X is not UTF-8, the encoding that every file must have"
              .formatted(bytes[in.position()]),
          "Convert the file, e.g. iconv -f WINDOWS-1252 -t UTF-8.");
    }
    return out.flip().toString();
  }

  private static int lineAt(byte[] bytes, int position) {
    int line = 1;
    for (int i = 0; i < position; i++) {
      if (bytes[i] == '\n') {
        line++;
      }
    }
    return line;
  }
}
