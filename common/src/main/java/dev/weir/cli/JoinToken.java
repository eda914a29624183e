package dev.weir.cli;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The secret that lets workers take part in a run. */
public final class JoinToken {
  /** The environment variable that holds it: process lists do not show it. */
  public static final String VARIABLE = "WEIR_TOKEN";

  private static final int MIN_LENGTH = 16;
  private static final int MAX_LENGTH = 1024;

  private static final int RANDOM_BYTES = 24;

  private JoinToken() {}

  /** A new secret for one run. */
  public static String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Reads the token from {@code file}, or from the environment if that is null. */
  public static String read(@Nullable Path file) {
    return file == null
        ? checked(VARIABLE, "this environment variable is not set", System.getenv(VARIABLE))
        : checked(file.toString(), "this file is empty", text(file));
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) <= MAX_LENGTH) {
        return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      }
    } catch (IOException e) {
      throw wrong(file.toString(), "this file cannot be read: " + e.getMessage());
    }
    throw wrong(file.toString(), "this file is larger than " + MAX_LENGTH + " bytes");
  }

  /** Says what is wrong with a token without showing any of it. */
  private static String checked(String place, String missing, @Nullable String token) {
    if (token == null || token.isEmpty()) {
      throw wrong(place, missing);
    }
    if (token.length() < MIN_LENGTH || token.length() > MAX_LENGTH) {
      throw wrong(
          place,
          String.format(
              "the token has %d characters; required are %d to %d",
              token.length(), MIN_LENGTH, MAX_LENGTH));
    }
    if (!token.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw wrong(place, "the token holds other characters than visible ASCII ones");
    }
    return token;
  }

  private static UserException wrong(String place, String what) {
    return new UserException(
        place,
        what,
        "Give the coordinator and every worker the same secret, for example the output of 'openssl"
            + " rand -hex 24', in "
            + VARIABLE
            + " or by --token-file.");
  }
}
