package dev.weir.mask;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A selection as bytes: 0 for nothing, 1 for everything, or 2, the number of indices (4 bytes), a
 * Rice parameter b (1 byte) and the gaps between the indices, padded with zeros to a byte.
 *
 * <p>A gap is the number of elements left out since the index before. In a random mask gaps are
 * distributed geometrically, for which Golomb's code is optimal (Golomb, Run-Length Encodings,
 * 1966); Rice's is its case of a power of two: the gap's upper bits in unary, then its lower b
 * bits.
 */
final class SelectionCodec {
  private static final byte NONE = 0;
  private static final byte ALL = 1;
  private static final byte SOME = 2;
  private static final int MAX_RICE = 30;

  private SelectionCodec() {}

  static void encode(Selection selection, ByteArrayOutputStream out) {
    if (selection instanceof Selection.Indices some) {
      out.write(SOME);
      encode(some.array(), out);
    } else {
      out.write(selection.size() == 0 ? NONE : ALL);
    }
  }

  private static void encode(int[] indices, ByteArrayOutputStream out) {
    int rice = bestRice(indices);
    ByteBuffer count = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.writeBytes(count.putInt(indices.length).array());
    out.write(rice);
    BitWriter bits = new BitWriter(out);
    int previous = -1;
    for (int index : indices) {
      int gap = index - previous - 1;
      bits.writeUnary(gap >>> rice);
      bits.write(gap, rice);
      previous = index;
    }
    bits.pad();
  }

  /** The b with the fewest bits, found by counting them. */
  private static int bestRice(int[] indices) {
    int best = 0;
    long fewest = Long.MAX_VALUE;
    for (int rice = 0; rice <= MAX_RICE; rice++) {
      long bits = (1L + rice) * indices.length;
      int previous = -1;
      for (int index : indices) {
        bits += (index - previous - 1) >>> rice;
        previous = index;
      }
      if (bits < fewest) {
        fewest = bits;
        best = rice;
      }
    }
    return best;
  }

  /**
   * @param size number of elements of the parameter
   * @param most how many may be selected at most
   */
  static Selection decode(ByteBuffer in, int size, int most) throws MalformedSelection {
    byte kind = in.get();
    Selection selection =
        switch (kind) {
          case NONE -> new Selection.None();
          case ALL -> new Selection.All(size);
          case SOME -> new Selection.Indices(indices(in, size, most));
          default -> throw new MalformedSelection("selection of unknown kind " + kind);
        };
    if (selection.size() > most) {
      throw new MalformedSelection("it selects more than it says");
    }
    return selection;
  }

  private static int[] indices(ByteBuffer in, int size, int most) throws MalformedSelection {
    int count = in.getInt();
    int rice = in.get();
    if (count < 1 || count >= size || count > most || rice < 0 || rice > MAX_RICE) {
      throw new MalformedSelection(
          "it selects " + count + " of " + size + " with Rice parameter " + rice);
    }
    if (count > Byte.SIZE * (long) in.remaining()) {
      throw new MalformedSelection("it ends early");
    }
    int[] indices = new int[count];
    BitReader bits = new BitReader(in);
    long index = -1;
    for (int i = 0; i < count; i++) {
      long upper = bits.readUnary(size >>> rice);
      index += 1 + (upper << rice | bits.read(rice));
      if (index >= size) {
        throw new MalformedSelection("index " + index + " of " + size);
      }
      indices[i] = (int) index;
    }
    bits.checkPadding();
    return indices;
  }
}
