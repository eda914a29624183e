package dev.weir.wire;

import com.google.protobuf.ByteString;
import dev.weir.proto.Blob;
import java.util.function.Consumer;

/** Cuts something large into {@code Blob} messages. */
public final class BlobSender {
  private BlobSender() {}

  /** Hands {@code bytes} to {@code send}, piece after piece. */
  public static void send(Blob.Kind kind, byte[] bytes, Consumer<Blob> send) {
    for (int offset = 0; offset < bytes.length; offset += Protocol.BLOB_BYTES) {
      int length = Math.min(Protocol.BLOB_BYTES, bytes.length - offset);
      send.accept(
          Blob.newBuilder()
              .setKind(kind)
              .setTotalBytes(bytes.length)
              .setOffset(offset)
              .setData(ByteString.copyFrom(bytes, offset, length))
              .build());
    }
  }
}
