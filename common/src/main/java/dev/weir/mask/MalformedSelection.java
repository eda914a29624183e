package dev.weir.mask;

/** Bytes that are not an encoding, with the reason. */
final class MalformedSelection extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  MalformedSelection(String reason) {
    super(reason);
    this.reason = reason;
  }

  @Override
  public String getMessage() {
    return reason;
  }
}
