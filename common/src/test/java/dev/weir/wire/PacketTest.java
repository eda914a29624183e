package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.FromWorker;
import dev.weir.proto.Leave;
import dev.weir.sum.SumFormat;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PacketTest {
  private static final int MOST = 1 << 16;

  @Property(tries = 200)
  void aPacketIsProtobufsDelimitedFormat(
      @ForAll @LongRange(min = 0) long step,
      @ForAll @IntRange(min = 0) int offset,
      @ForAll @Size(max = 300) short[] values)
      throws IOException {
    for (SumFormat format : SumFormat.values()) {
      ValueChunk chunk = chunk(step, offset, values, format);

      ByteArrayInputStream in = new ByteArrayInputStream(bytes(Packet.of(chunk)));
      FromWorker message = FromWorker.parseDelimitedFrom(in);

      assertThat(in.available()).isZero();
      assertThat(message.getChunk().getStep()).isEqualTo(step);
      assertThat(message.getChunk().getOffset()).isEqualTo(offset);
      ByteArrayOutputStream same = new ByteArrayOutputStream();
      ChunkCodec.write(chunk, same);
      assertThat(message).isEqualTo(FromWorker.parseFrom(same.toByteArray()));
    }
  }

  @Property(tries = 300)
  void messagesComeBackInOrderHoweverTheirBytesAreCut(
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 5_000) Integer> sizes,
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 9_000) int mostAtOnce) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    List<String> sent = new ArrayList<>();
    for (int size : sizes) {
      if (random.nextInt(4) == 0) {
        String text = "x".repeat(size);
        Leave leave = Leave.newBuilder().setReason(text).build();
        all.writeBytes(bytes(Packet.of(FromWorker.newBuilder().setLeave(leave).build())));
        sent.add(text);
      } else {
        SumFormat format = random.nextBoolean() ? SumFormat.FIXED32 : SumFormat.FIXED16;
        short[] values = new short[size];
        for (int i = 0; i < size; i++) {
          values[i] = (short) random.nextInt();
        }
        ValueChunk chunk = chunk(random.nextInt(1 << 20), random.nextInt(1 << 30), values, format);
        all.writeBytes(bytes(Packet.of(chunk)));
        sent.add(describe(chunk));
      }
    }

    assertThat(read(all.toByteArray(), random, mostAtOnce)).isEqualTo(sent);
  }

  @Property(tries = 2_000)
  void whateverComesIsAMessageOrMalformed(
      @ForAll @Size(max = 200) byte[] bytes,
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 50) int mostAtOnce) {
    assertThat(read(bytes, random, mostAtOnce)).isNotNull();
  }

  @Test
  void aMessageThatIsTooLongIsKnownByItsLength() {
    ByteBuf length = Unpooled.wrappedBuffer(new byte[] {-1, -1, -1, 127});
    PacketReader<FromWorker> reader = new PacketReader<>(FromWorker.getDefaultInstance(), MOST);
    assertThat(reader.read(length))
        .isEqualTo(new Frame.Malformed<>("a message of more than 65536 bytes"));
  }

  @Test
  void aLengthThatDoesNotEndIsMalformed() {
    ByteBuf length = Unpooled.wrappedBuffer(new byte[] {-128, -128, -128, -128, -128, 0});
    PacketReader<FromWorker> reader = new PacketReader<>(FromWorker.getDefaultInstance(), MOST);
    assertThat(reader.read(length)).isInstanceOf(Frame.Malformed.class);
  }

  @Test
  void valuesAreAddedFromWhereTheyLie() {
    for (SumFormat format : SumFormat.values()) {
      short[] values = new short[5_000];
      for (int i = 0; i < values.length; i++) {
        values[i] = (short) (31 * i - 70_000);
      }
      PacketReader<FromWorker> reader = new PacketReader<>(FromWorker.getDefaultInstance(), MOST);
      Frame<FromWorker> frame =
          reader.read(Unpooled.wrappedBuffer(bytes(Packet.of(chunk(1, 0, values, format)))));
      int[] sums = new int[values.length + 2];
      ((Frame.Values<FromWorker>) frame).chunk().addTo(sums, 1);
      ((Frame.Values<FromWorker>) frame).chunk().addTo(sums, 1);
      for (int i = 0; i < values.length; i++) {
        assertThat(sums[i + 1]).isEqualTo(2 * values[i]);
      }
      assertThat(sums[0]).isZero();
      assertThat(sums[values.length + 1]).isZero();
    }
  }

  private static List<String> read(byte[] bytes, Random random, int mostAtOnce) {
    PacketReader<FromWorker> reader = new PacketReader<>(FromWorker.getDefaultInstance(), MOST);
    List<String> read = new ArrayList<>();
    for (int from = 0; from < bytes.length; ) {
      int count = Math.min(bytes.length - from, 1 + random.nextInt(mostAtOnce));
      ByteBuf in = Transport.BUFFERS.directBuffer(count);
      in.writeBytes(bytes, from, count);
      for (Frame<FromWorker> frame = reader.read(in); frame != null; frame = reader.read(in)) {
        if (frame instanceof Frame.Malformed<FromWorker>) {
          in.release();
          return read;
        }
        read.add(
            frame instanceof Frame.Values<FromWorker> values
                ? describe(values.chunk())
                : ((Frame.Message<FromWorker>) frame).message().getLeave().getReason());
      }
      assertThat(in.isReadable()).isFalse();
      in.release();
      from += count;
    }
    reader.close();
    return read;
  }

  private static String describe(ValueChunk chunk) {
    int[] values = new int[chunk.length()];
    chunk.copyTo(values, 0);
    return chunk.step()
        + " "
        + chunk.attempt()
        + " "
        + chunk.offset()
        + " "
        + chunk.reduced()
        + " "
        + chunk.format()
        + Arrays.toString(values);
  }

  private static ValueChunk chunk(long step, int offset, short[] narrow, SumFormat format) {
    int[] values = new int[narrow.length + 1];
    for (int i = 0; i < narrow.length; i++) {
      values[i + 1] = narrow[i];
    }
    return new ValueChunk(step, 1, offset, values, 1, narrow.length, format).asReduced();
  }

  private static byte[] bytes(Packet packet) {
    ByteBuf shared = packet.share();
    packet.close();
    byte[] bytes = new byte[shared.readableBytes()];
    shared.readBytes(bytes);
    assertThat(shared.release()).isTrue();
    return bytes;
  }
}
