package dev.weir.mask;

import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import dev.weir.problem.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Masks as bytes, for the wire and for files.
 *
 * <p>After a header ({@code WMSK}, version, n, k, the beginning of the layout's digest) each
 * parameter follows as a bit string: 2 bits for none, all or some; for some, their number in 32
 * bits, a Rice parameter r in 5 bits, and the gaps between successive positions, each as its r low
 * bits and the rest in unary (Golomb–Rice, 1966/1971). For gaps of uniformly drawn positions that
 * takes about log₂(n/k) + 1.5 bits each. A CRC-32C ends it.
 */
public final class MaskCodec {
  private static final int MAGIC = 0x4b534d57; // "WMSK", little endian
  private static final int VERSION = 1;
  private static final int DIGEST_BYTES = 16;
  private static final int HEADER_BYTES = 16 + DIGEST_BYTES;
  private static final int CHECKSUM_BYTES = 4;
  private static final int NONE = 0;
  private static final int ALL = 1;
  private static final int SOME = 2;
  private static final int MAX_RICE = 30;

  private MaskCodec() {}

  /** Encodes a mask. */
  public static byte[] encode(Mask mask) {
    BitWriter bits = new BitWriter();
    for (int i = 0; i < mask.layout().parameters().size(); i++) {
      write(bits, mask.selection(i), mask.layout().parameters().get(i).size());
    }
    byte[] body = bits.toByteArray();
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_BYTES + body.length + CHECKSUM_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC).putInt(VERSION).putInt(mask.layout().size()).putInt(mask.size());
    bytes.put(layoutDigest(mask.layout())).put(body);
    return bytes.putInt(checksum(bytes.array())).array();
  }

  private static byte[] layoutDigest(ParameterLayout layout) {
    return layout.digest().substring(0, DIGEST_BYTES).getBytes(StandardCharsets.US_ASCII);
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - CHECKSUM_BYTES);
    return (int) crc.getValue();
  }

  private static void write(BitWriter bits, Selection selection, int size) {
    if (!(selection instanceof Selection.Indices some)) {
      bits.write(selection.size() == 0 ? NONE : ALL, 2);
      return;
    }
    int[] local = some.array();
    int rice = bestRice(local, size);
    bits.write(SOME, 2);
    bits.write(local.length, 32);
    bits.write(rice, 5);
    int next = 0;
    for (int position : local) {
      int gap = position - next;
      bits.write(gap, rice);
      bits.writeUnary(gap >>> rice);
      next = position + 1;
    }
  }

  /** The parameter that takes the fewest bits, of those near the logarithm of the mean gap. */
  private static int bestRice(int[] local, int size) {
    int best = 0;
    long fewest = Long.MAX_VALUE;
    int guess = 31 - Integer.numberOfLeadingZeros(Math.max(1, size / local.length));
    for (int rice = Math.max(0, guess - 3); rice <= Math.min(MAX_RICE, guess + 1); rice++) {
      long bits = 0;
      int next = 0;
      for (int position : local) {
        bits += rice + 1 + ((position - next) >>> rice);
        next = position + 1;
      }
      if (bits < fewest) {
        fewest = bits;
        best = rice;
      }
    }
    return best;
  }

  /**
   * Decodes a mask of {@code layout}. Takes no more memory than a mask of that layout needs.
   *
   * @throws UserException if the bytes are damaged or belong to another layout
   */
  public static Mask decode(ParameterLayout layout, byte[] bytes) {
    require(bytes.length >= HEADER_BYTES + CHECKSUM_BYTES, "it is cut off");
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    require(buffer.getInt() == MAGIC, "it does not begin with WMSK");
    int version = buffer.getInt();
    require(version == VERSION, "its version is " + version + ", this build reads " + VERSION);
    require(
        buffer.getInt(bytes.length - CHECKSUM_BYTES) == checksum(bytes),
        "its checksum does not match");
    int n = buffer.getInt();
    int k = buffer.getInt();
    byte[] digest = new byte[DIGEST_BYTES];
    buffer.get(digest);
    require(
        n == layout.size() && Arrays.equals(digest, layoutDigest(layout)),
        "it selects from another model of " + n + " parameters; this one has " + layout.size());
    require(k >= 0 && k <= n, "it claims " + k + " of " + n + " parameters");
    return read(layout, k, new BitReader(bytes, HEADER_BYTES, bytes.length - CHECKSUM_BYTES));
  }

  private static Mask read(ParameterLayout layout, int k, BitReader bits) {
    int[] coordinates = new int[k];
    int count = 0;
    for (ParameterSpec parameter : layout.parameters()) {
      int kind = bits.read(2);
      if (kind == ALL) {
        require(parameter.size() <= k - count, "it holds more than it claims");
        for (int i = 0; i < parameter.size(); i++) {
          coordinates[count++] = parameter.offset() + i;
        }
      } else if (kind == SOME) {
        int some = bits.read(32);
        require(
            some >= 0 && some <= parameter.size() && some <= k - count,
            "it claims " + some + " values of " + parameter.name());
        count = readGaps(bits, parameter, some, coordinates, count);
      } else {
        require(kind == NONE, "it has a selection of no known kind");
      }
    }
    require(count == k, "it holds " + count + " of the " + k + " coordinates that it claims");
    return Mask.of(layout, coordinates);
  }

  private static int readGaps(
      BitReader bits, ParameterSpec parameter, int some, int[] coordinates, int from) {
    int rice = bits.read(5);
    long next = parameter.offset();
    for (int i = 0; i < some; i++) {
      long low = bits.read(rice);
      long position = next + low + ((long) bits.readUnary() << rice);
      require(position < parameter.end(), "it has a position beyond " + parameter.name());
      coordinates[from + i] = (int) position;
      next = position + 1;
    }
    return from + some;
  }

  static void require(boolean condition, String broken) {
    if (!condition) {
      throw new UserException(
          "mask", "it cannot be read: " + broken, "Make it again, from the same model.");
    }
  }
}
