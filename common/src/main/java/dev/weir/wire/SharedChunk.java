package dev.weir.wire;

import org.jspecify.annotations.Nullable;

/** A chunk for several streams, made a {@link Packet} once, and only if one of them takes that. */
public final class SharedChunk implements AutoCloseable {
  private final ValueChunk chunk;
  private @Nullable Packet packet;

  /** Of a chunk to send. */
  public SharedChunk(ValueChunk chunk) {
    this.chunk = chunk;
  }

  /** The chunk. */
  public ValueChunk chunk() {
    return chunk;
  }

  /** Its packet, which belongs to this. */
  public Packet packet() {
    if (packet == null) {
      packet = Packet.of(chunk);
    }
    return packet;
  }

  @Override
  public void close() {
    if (packet != null) {
      packet.close();
    }
  }
}
