package dev.weir.cli;

import dev.weir.problem.UserException;

/** The secret that lets workers take part in a run. */
public final class JoinToken {
  /** The environment variable that holds it: process lists do not show it. */
  public static final String VARIABLE = "WEIR_TOKEN";

  private static final int MIN_LENGTH = 16;

  private JoinToken() {}

  /** Reads the token of this process. */
  public static String fromEnvironment() {
    String token = System.getenv(VARIABLE);
    if (token == null || token.length() < MIN_LENGTH) {
      throw new UserException(
          VARIABLE,
          token == null
              ? "this environment variable is not set"
              : "it has " + token.length() + " characters; required are " + MIN_LENGTH + " or more",
          "Set it to the same secret on the coordinator and on every worker, for example to the"
              + " output of 'openssl rand -hex 24'.");
    }
    return token;
  }
}
