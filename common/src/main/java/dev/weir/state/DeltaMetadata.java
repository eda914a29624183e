package dev.weir.state;

import dev.weir.parameter.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metadata of a delta's file: its format, where the delta comes from, and a checksum of
 * everything else in the file.
 */
final class DeltaMetadata {
  private static final String FORMAT = "weir-delta-1";
  private static final String CHECKSUM = "checksum";
  private static final int CHUNK = 1 << 14;

  private DeltaMetadata() {}

  static Map<String, String> of(DeltaInfo info, int[] indices, float[] values) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("format", FORMAT);
    metadata.put("base_digest", info.baseDigest());
    metadata.put("layout_digest", info.layoutDigest());
    metadata.put("mask_digest", info.maskDigest());
    metadata.put("state_digest", info.stateDigest());
    metadata.put("step", Long.toString(info.step()));
    metadata.put("job", info.job());
    metadata.put(CHECKSUM, checksum(metadata, indices, values));
    return metadata;
  }

  static void requireFormat(Path path, Map<String, String> metadata) {
    String format = metadata.get("format");
    if (!FORMAT.equals(format)) {
      throw SafetensorsFile.broken(path, "its format is " + format + " instead of " + FORMAT);
    }
  }

  static void requireChecksum(
      Path path, Map<String, String> metadata, int[] indices, float[] values) {
    Map<String, String> rest = new TreeMap<>(metadata);
    String stored = rest.remove(CHECKSUM);
    String computed = checksum(rest, indices, values);
    if (!computed.equals(stored)) {
      throw SafetensorsFile.broken(path, "its checksum is " + computed + " instead of " + stored);
    }
  }

  static DeltaInfo parse(Path path, Map<String, String> metadata) {
    return new DeltaInfo(
        text(path, metadata, "base_digest"),
        text(path, metadata, "layout_digest"),
        text(path, metadata, "mask_digest"),
        text(path, metadata, "state_digest"),
        step(path, text(path, metadata, "step")),
        text(path, metadata, "job"));
  }

  private static String text(Path path, Map<String, String> metadata, String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw SafetensorsFile.broken(path, "its metadata has no " + key);
    }
    return value;
  }

  private static long step(Path path, String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw SafetensorsFile.broken(path, "its step is " + text);
    }
  }

  /** SHA-256 over the metadata in ascending order of the keys, the indices and the values. */
  private static String checksum(Map<String, String> sorted, int[] indices, float[] values) {
    MessageDigest sha = Sha256.start();
    sorted.forEach(
        (key, value) -> {
          update(sha, key);
          update(sha, value);
        });
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < indices.length; from += CHUNK) {
      int count = Math.min(CHUNK, indices.length - from);
      chunk.clear().asIntBuffer().put(indices, from, count);
      sha.update(chunk.limit(count * Integer.BYTES));
    }
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      chunk.clear().asFloatBuffer().put(values, from, count);
      sha.update(chunk.limit(count * Float.BYTES));
    }
    return Sha256.finish(sha);
  }

  private static void update(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    sha.update(bytes);
  }
}
