package dev.weir.wire;

import io.grpc.Status;
import java.util.regex.Pattern;

/** Why the network did not do something, in words for people. */
public final class NetworkReason {
  /** How Netty's native transport begins: with the system call, which tells a user nothing. */
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

  private NetworkReason() {}

  /** What the first cause of a stream's end says; without one, the status. */
  public static String of(Status status) {
    Throwable cause = status.getCause();
    return cause == null || root(cause).getMessage() == null
        ? status.getCode() + ": " + status.getDescription()
        : of(cause);
  }

  /** What the first cause of a failure says. */
  public static String of(Throwable failure) {
    return SYSTEM_CALL.matcher(String.valueOf(root(failure).getMessage())).replaceFirst("");
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
