package dev.weir.parameter;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest that Weir names things by: SHA-256, in lower-case hexadecimal. */
public final class Sha256 {
  private Sha256() {}

  /** A digest that nothing went into yet. */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The digest of everything that went in, as 64 hexadecimal digits. */
  public static String finish(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
