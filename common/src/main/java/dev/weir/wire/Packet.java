package dev.weir.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A message as it travels on a {@link PeerStream}: its length as a varint, and itself, which is
 * protobuf's way to delimit messages. Written once, it can be sent on any number of streams. To be
 * closed by who made it, before or after it is sent.
 */
public final class Packet implements AutoCloseable {
  private final ByteBuf bytes;
  private final int size;

  private Packet(int size) {
    this.size = size;
    this.bytes =
        Transport.BUFFERS.directBuffer(CodedOutputStream.computeUInt32SizeNoTag(size) + size);
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  /** A message of the protocol. */
  public static Packet of(MessageLite message) {
    Packet packet = new Packet(message.getSerializedSize());
    packet.write(message::writeTo);
    return packet;
  }

  /** A chunk; its values are read before this returns. */
  public static Packet of(ValueChunk chunk) {
    Packet packet = new Packet(ChunkCodec.size(chunk));
    packet.write(out -> ChunkCodec.writeHead(chunk, out));
    int values = chunk.length() * chunk.format().bytes();
    ByteBuf bytes = packet.bytes;
    ChunkCodec.writeValues(chunk, bytes.nioBuffer(bytes.writerIndex(), values));
    bytes.writerIndex(bytes.writerIndex() + values);
    return packet;
  }

  private void write(Writing what) {
    ByteBuffer room = bytes.nioBuffer(0, bytes.capacity());
    CodedOutputStream out = CodedOutputStream.newInstance(room);
    try {
      out.writeUInt32NoTag(size);
      what.to(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // It goes to memory, of which there is enough.
    }
    bytes.writerIndex(out.getTotalBytesWritten());
  }

  /** Bytes of the message. */
  public int size() {
    return size;
  }

  /** All its bytes once more, to be released by who takes them. */
  ByteBuf share() {
    return bytes.retainedDuplicate();
  }

  @Override
  public void close() {
    bytes.release();
  }
}
