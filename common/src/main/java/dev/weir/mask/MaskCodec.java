package dev.weir.mask;

import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import dev.weir.problem.UserException;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A mask as few bytes, little endian: the letters {@code WMASK1} and two zeros, the layout's digest
 * (32 bytes), n, k, a {@link SelectionCodec selection} for each parameter, and the mask's digest
 * (32 bytes). A random mask of density d takes about log₂(1/d) + 1.5 bits per index.
 */
public final class MaskCodec {
  private static final long MAGIC = 0x31_4b_53_41_4d_57L;
  private static final int DIGEST = 32;
  private static final int HEADER = Long.BYTES + DIGEST + 2 * Integer.BYTES;

  private MaskCodec() {}

  /** The encoding of a mask. Equal masks have equal encodings. */
  public static byte[] encode(Mask mask) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).put(HexFormat.of().parseHex(mask.layout().digest()));
    header.putInt(mask.layout().size()).putInt(mask.size());
    out.writeBytes(header.array());
    mask.selections().forEach(selection -> SelectionCodec.encode(selection, out));
    out.writeBytes(HexFormat.of().parseHex(mask.digest()));
    return out.toByteArray();
  }

  /**
   * The mask of an encoding. Takes no more memory than a mask of the layout can, whatever the
   * bytes.
   *
   * @param layout the layout that the mask must be of
   * @param place where the bytes are from, for messages
   * @throws UserException if they are damaged, or a mask of another layout
   */
  public static Mask decode(ParameterLayout layout, byte[] encoded, String place) {
    ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int k = header(in, layout, place);
      List<Selection> selections = new ArrayList<>();
      int left = k;
      for (ParameterSpec parameter : layout.parameters()) {
        Selection selection = SelectionCodec.decode(in, parameter.size(), left);
        left -= selection.size();
        selections.add(selection);
      }
      return checked(new Mask(layout, selections), k, in);
    } catch (BufferUnderflowException e) {
      throw malformed(place, "it ends early");
    } catch (MalformedSelection e) {
      throw malformed(place, String.valueOf(e.getMessage()));
    }
  }

  private static int header(ByteBuffer in, ParameterLayout layout, String place)
      throws MalformedSelection {
    if (in.getLong() != MAGIC) {
      throw new MalformedSelection("it does not begin like a mask of version 1");
    }
    String digest = digest(in);
    int n = in.getInt();
    if (!digest.equals(layout.digest()) || n != layout.size()) {
      throw new UserException(
          place,
          "is a mask of the layout %s of %d parameters, but this model's is %s of %d"
              .formatted(digest, n, layout.digest(), layout.size()),
          "Use the model that the mask was made for.");
    }
    int k = in.getInt();
    if (k < 0 || k > n) {
      throw new MalformedSelection("it selects " + k + " of " + n + " parameters");
    }
    return k;
  }

  private static Mask checked(Mask mask, int k, ByteBuffer in) throws MalformedSelection {
    if (mask.size() != k) {
      throw new MalformedSelection("it selects " + mask.size() + " instead of " + k);
    }
    String stored = digest(in);
    if (!stored.equals(mask.digest())) {
      throw new MalformedSelection("its digest is " + mask.digest() + " instead of " + stored);
    }
    if (in.hasRemaining()) {
      throw new MalformedSelection(in.remaining() + " bytes too many");
    }
    return mask;
  }

  private static String digest(ByteBuffer in) {
    byte[] digest = new byte[DIGEST];
    in.get(digest);
    return HexFormat.of().formatHex(digest);
  }

  private static UserException malformed(String place, String what) {
    return new UserException(
        place,
        "is not a whole mask: " + what,
        "Put back a whole copy of it; without one, begin a new run in another folder.");
  }
}
