package dev.weir.wire;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Between frames and bytes. A chunk is told from the rest by its first byte and then bypasses
 * protobuf's objects: its values go between {@code int[]} and gRPC's buffers, once each way.
 */
final class FrameMarshaller<M extends Message> implements Marshaller<Frame<M>> {
  private final Parser<M> parser;
  private final Marshaller<M> messages;

  @SuppressWarnings("unchecked") // A message's parser parses its own type.
  FrameMarshaller(M prototype) {
    this.parser = (Parser<M>) prototype.getParserForType();
    this.messages = ProtoUtils.marshaller(prototype);
  }

  @Override
  public InputStream stream(Frame<M> frame) {
    if (frame instanceof Frame.Message<M> message) {
      return messages.stream(message.message());
    }
    if (frame instanceof Frame.Values<M> values) {
      return new ChunkStream(values.chunk());
    }
    throw new IllegalArgumentException("cannot be sent: " + frame);
  }

  @Override
  public Frame<M> parse(InputStream stream) {
    try {
      ValueChunk chunk = ChunkCodec.view(stream, stream.available());
      if (chunk != null) {
        return new Frame.Values<>(chunk);
      }
      byte[] bytes = stream.readAllBytes();
      if (bytes.length > 0 && bytes[0] == ChunkCodec.FIRST_BYTE) {
        return new Frame.Values<>(ChunkCodec.read(bytes));
      }
      return new Frame.Message<>(parser.parseFrom(bytes));
    } catch (IOException e) {
      // Thrown, it would be logged by gRPC with its whole stack, for every message of a bad peer.
      return new Frame.Malformed<>("a malformed message: " + e.getMessage());
    }
  }

  /** A chunk on its way out; gRPC drains it straight into its own buffers. */
  private static final class ChunkStream extends InputStream implements KnownLength, Drainable {
    private final ValueChunk chunk;
    private @Nullable InputStream copy;

    ChunkStream(ValueChunk chunk) {
      this.chunk = chunk;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      ChunkCodec.write(chunk, target);
      return ChunkCodec.size(chunk);
    }

    @Override
    public int available() throws IOException {
      return copy == null ? ChunkCodec.size(chunk) : copy.available();
    }

    @Override
    public int read() throws IOException {
      return copy().read();
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      return copy().read(target, from, length);
    }

    /** For transports that read streams, such as the in-process one. */
    private InputStream copy() {
      if (copy == null) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(ChunkCodec.size(chunk));
        try {
          ChunkCodec.write(chunk, bytes);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        copy = new ByteArrayInputStream(bytes.toByteArray());
      }
      return copy;
    }
  }
}
