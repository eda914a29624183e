package dev.weir.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Splits by a hash of the group alone: whether a group is held out depends neither on its place in
 * the data nor on what else is there, and stays the same when data is added.
 */
final class HashSplit {
  private HashSplit() {}

  /**
   * @param fraction the share of all groups that is held out, on average
   */
  static boolean isHeldOut(String group, double fraction) {
    byte[] hash = sha256().digest(group.getBytes(StandardCharsets.UTF_8));
    long high53 = ByteBuffer.wrap(hash).getLong() >>> 11;
    return high53 * 0x1p-53 < fraction;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
