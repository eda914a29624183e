package dev.weir.wire;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what comes from a socket into the messages that {@link Packet}s carry. One that came whole
 * is read where it lies; of one that did not, the parts are put together first.
 *
 * @param <M> the protocol message of this direction
 */
final class PacketReader<M extends Message> {
  private static final int MOST_LENGTH_BITS = 28;

  private final Parser<M> parser;
  private final int most;

  /** Of the message that comes; what is known of it, and how many bits of that, until it is. */
  private int length;

  private int lengthBits;
  private boolean lengthKnown;

  /** What is there of a message that is not whole. */
  private @Nullable ByteBuf part;

  /**
   * @param most bytes that a message may have
   */
  @SuppressWarnings("unchecked") // A message's parser parses its own type.
  PacketReader(M prototype, int most) {
    this.parser = (Parser<M>) prototype.getParserForType();
    this.most = most;
  }

  /**
   * Reads up to the end of a message, or all there is.
   *
   * @return the message, if it is whole; one of values is valid until the next call or until {@code
   *     in} is released
   */
  @Nullable Frame<M> read(ByteBuf in) {
    forget();
    while (!lengthKnown && in.isReadable()) {
      int next = in.readByte();
      length |= (next & 0x7f) << lengthBits;
      lengthBits += 7;
      lengthKnown = next >= 0;
      if (length > most || (!lengthKnown && lengthBits >= MOST_LENGTH_BITS)) {
        return new Frame.Malformed<>("a message of more than " + most + " bytes");
      }
    }
    if (!lengthKnown) {
      return null;
    }
    if (part == null && in.readableBytes() >= length) {
      Frame<M> whole = parse(in.nioBuffer(in.readerIndex(), length));
      in.skipBytes(length);
      reset();
      return whole;
    }
    if (part == null) {
      part = Transport.BUFFERS.directBuffer(length, length);
    }
    part.writeBytes(in, Math.min(part.writableBytes(), in.readableBytes()));
    if (part.isWritable()) {
      return null;
    }
    reset();
    return parse(part.nioBuffer());
  }

  private void reset() {
    length = 0;
    lengthBits = 0;
    lengthKnown = false;
  }

  /** Lets go of what was read of a message that has been returned. */
  private void forget() {
    if (part != null && !lengthKnown) {
      part.release();
      part = null;
    }
  }

  /** Lets go of everything. */
  void close() {
    if (part != null) {
      part.release();
      part = null;
    }
  }

  private Frame<M> parse(ByteBuffer message) {
    ValueChunk chunk = ChunkCodec.view(message);
    if (chunk != null) {
      return new Frame.Values<>(chunk);
    }
    try {
      return ChunkCodec.isChunk(message)
          ? new Frame.Values<>(ChunkCodec.read(bytes(message)))
          : new Frame.Message<>(parser.parseFrom(message));
    } catch (IOException e) {
      return new Frame.Malformed<>("a malformed message: " + e.getMessage());
    }
  }

  private static byte[] bytes(ByteBuffer message) {
    byte[] bytes = new byte[message.remaining()];
    message.get(bytes);
    return bytes;
  }
}
