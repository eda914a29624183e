package dev.weir.problem;

/**
 * A mistake of the user's: a bad file, a bad option, a bad key of the job, a peer that does not
 * fit. Shown as its message alone, without a stack trace; the process ends with exit code 2.
 */
public final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param place where it is: a file with its line, an option, an address
   * @param broken the rule that is broken, both sides of it: what was given and what is allowed
   * @param remedy what to do about it, as an imperative sentence
   */
  public UserException(String place, String broken, String remedy) {
    super(place + ": " + broken + "\n  " + remedy);
  }

  /** For several problems that were already put into words, one per line. */
  public UserException(String message) {
    super(message);
  }
}
