package dev.weir.mask;

import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** SHA-256 over what makes two masks the same. */
final class MaskDigest {
  private static final int NONE = 0;
  private static final int ALL = 1;
  private static final int SOME = 2;
  private static final int CHUNK = 4096;

  private MaskDigest() {}

  /** Each selection has only one simplest form, so the digest depends on the set alone. */
  static String of(ParameterLayout layout, List<Selection> selections) {
    MessageDigest sha = Sha256.start();
    sha.update("weir-mask-1".getBytes(StandardCharsets.US_ASCII));
    sha.update(layout.digest().getBytes(StandardCharsets.US_ASCII));
    for (Selection selection : selections) {
      if (selection instanceof Selection.Indices some) {
        sha.update((byte) SOME);
        update(sha, some.array());
      } else {
        sha.update((byte) (selection.size() == 0 ? NONE : ALL));
      }
    }
    return Sha256.finish(sha);
  }

  private static void update(MessageDigest sha, int[] indices) {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Integer.BYTES);
    sha.update(bytes.putInt(indices.length).flip());
    for (int from = 0; from < indices.length; from += CHUNK) {
      int length = Math.min(CHUNK, indices.length - from);
      bytes.clear();
      bytes.asIntBuffer().put(indices, from, length);
      sha.update(bytes.limit(length * Integer.BYTES));
    }
  }
}
