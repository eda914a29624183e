package dev.weir.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Objects;

/** Puts what the operating system says of a file into words, with what to do about it. */
final class FileTrouble {
  private FileTrouble() {}

  static String explain(UncheckedIOException failure) {
    IOException cause = Objects.requireNonNull(failure.getCause());
    String message = String.valueOf(failure.getMessage());
    String reason = reason(cause);
    return (message.contains(reason) ? message : message + ": " + reason)
        + "\n  "
        + remedy(cause, reason.toLowerCase(Locale.ROOT));
  }

  private static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof NotDirectoryException || cause instanceof FileAlreadyExistsException) {
      return "a file is where a folder should be";
    }
    if (cause instanceof CharacterCodingException) {
      return "it is not text in UTF-8";
    }
    return cause instanceof FileSystemException system && system.getReason() != null
        ? system.getReason()
        : String.valueOf(cause.getMessage());
  }

  private static String remedy(IOException cause, String reason) {
    if (reason.contains("space") || reason.contains("quota")) {
      return "Free some room there, or choose a folder on another disk.";
    }
    if (reason.contains("denied") || reason.contains("read-only")) {
      return "Give this user the right to do that, or choose another folder.";
    }
    return cause instanceof NoSuchFileException || cause instanceof FileNotFoundException
        ? "Check the path."
        : "Check that file and the disk that it is on.";
  }
}
