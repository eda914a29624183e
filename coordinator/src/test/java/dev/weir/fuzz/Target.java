package dev.weir.fuzz;

/** Something that reads bytes from elsewhere, and what it reads when all is well. */
public interface Target {
  /** Sound bytes, to begin with. */
  byte[] sound() throws Exception;

  /**
   * Reads bytes.
   *
   * @throws dev.weir.problem.UserException if it refuses them; anything else is a finding
   */
  void read(byte[] bytes) throws Exception;
}
