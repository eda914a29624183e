package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.weir.proto.Chunk;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Join;
import dev.weir.sum.SumFormat;
import io.grpc.Drainable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameMarshallerTest {
  private static final FieldDescriptor NARROW =
      Chunk.getDescriptor().findFieldByName("narrow_values");

  private final FrameMarshaller<FromWorker> marshaller =
      new FrameMarshaller<>(FromWorker.getDefaultInstance());

  @Property(tries = 200)
  void aChunkIsOrdinaryProtobuf(
      @ForAll @LongRange(min = 0) long step,
      @ForAll @IntRange(min = 0, max = 9) int attempt,
      @ForAll @IntRange(min = 0) int offset,
      @ForAll @Size(max = 300) int[] values)
      throws IOException {
    byte[] bytes = drain(step, attempt, offset, values);

    Chunk chunk = FromWorker.parseFrom(bytes).getChunk();
    assertThat(chunk.getStep()).isEqualTo(step);
    assertThat(chunk.getAttempt()).isEqualTo(attempt);
    assertThat(chunk.getOffset()).isEqualTo(offset);
    assertThat(ints(chunk.getValues().toByteArray())).isEqualTo(values);
  }

  @Property(tries = 200)
  void whatProtobufWritesIsReadAsAChunk(
      @ForAll @LongRange(min = 0) long step,
      @ForAll @IntRange(min = 0) int offset,
      @ForAll @Size(max = 300) int[] values) {
    FromWorker message =
        FromWorker.newBuilder()
            .setChunk(
                Chunk.newBuilder().setStep(step).setOffset(offset).setValues(byteString(values)))
            .build();

    ValueChunk chunk = chunk(message.toByteArray());

    assertThat(chunk.step()).isEqualTo(step);
    assertThat(chunk.offset()).isEqualTo(offset);
    assertThat(Arrays.copyOf(chunk.values(), chunk.length())).isEqualTo(values);
  }

  @Property(tries = 200)
  void narrowValuesTakeTwoBytesAndComeBack(
      @ForAll @LongRange(min = 0) long step, @ForAll @Size(max = 300) short[] narrow)
      throws IOException {
    int[] values = new int[narrow.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = narrow[i];
    }
    byte[] bytes = drain(new ValueChunk(step, 1, 64, values, 0, values.length, SumFormat.FIXED16));

    Chunk chunk = FromWorker.parseFrom(bytes).getChunk();
    assertThat(chunk.getValues().size()).isZero();
    assertThat(((ByteString) chunk.getField(NARROW)).size()).isEqualTo(2 * values.length);
    ValueChunk back = chunk(bytes);
    assertThat(back.format()).isEqualTo(SumFormat.FIXED16);
    assertThat(back.step()).isEqualTo(step);
    assertThat(Arrays.copyOf(back.values(), back.length())).isEqualTo(values);
  }

  @Test
  void aHalfValueIsRefused() {
    FromWorker message =
        FromWorker.newBuilder()
            .setChunk(Chunk.newBuilder().setField(NARROW, ByteString.copyFrom(new byte[3])))
            .build();

    assertThat(marshaller.parse(new ByteArrayInputStream(message.toByteArray())))
        .isInstanceOf(Frame.Malformed.class);
  }

  @Property(tries = 50)
  void streamsThatAreReadGiveTheSameBytesAsStreamsThatAreDrained(
      @ForAll @Size(max = 300) int[] values) throws IOException {
    InputStream stream =
        marshaller.stream(
            new Frame.Values<>(
                new ValueChunk(7, 1, 64, values, 0, values.length, SumFormat.FIXED32)));

    assertThat(stream.readAllBytes()).isEqualTo(drain(7, 1, 64, values));
  }

  @Property(tries = 20)
  void otherMessagesGoThroughProtobuf(@ForAll String name) throws IOException {
    FromWorker message =
        FromWorker.newBuilder().setJoin(Join.newBuilder().setName(clean(name))).build();

    Frame<FromWorker> frame = marshaller.parse(marshaller.stream(new Frame.Message<>(message)));

    assertThat(frame).isEqualTo(new Frame.Message<>(message));
  }

  @Property(tries = 500)
  void brokenBytesNeverThrow(
      @ForAll @Size(max = 50) int[] values,
      @ForAll @IntRange(min = 0, max = 199) int position,
      @ForAll byte flip)
      throws IOException {
    byte[] bytes = drain(3, 0, 0, values);
    bytes[position % bytes.length] ^= flip;

    Frame<FromWorker> frame = marshaller.parse(new ByteArrayInputStream(bytes));

    if (frame instanceof Frame.Malformed<FromWorker> malformed) {
      assertThat(malformed.reason()).contains("malformed");
    }
  }

  @Property(tries = 50)
  void aTruncatedChunkIsRefused(@ForAll @Size(min = 1, max = 50) int[] values) throws IOException {
    byte[] bytes = drain(3, 0, 0, values);
    byte[] truncated = Arrays.copyOf(bytes, bytes.length - 1);

    assertThat(marshaller.parse(new ByteArrayInputStream(truncated)))
        .isInstanceOf(Frame.Malformed.class);
  }

  private byte[] drain(long step, int attempt, int offset, int[] values) throws IOException {
    return drain(
        new ValueChunk(step, attempt, offset, values, 0, values.length, SumFormat.FIXED32));
  }

  private byte[] drain(ValueChunk chunk) throws IOException {
    InputStream stream = marshaller.stream(new Frame.Values<>(chunk));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int size = stream.available();
    assertThat(((Drainable) stream).drainTo(out)).isEqualTo(size);
    assertThat(out.size()).isEqualTo(size);
    return out.toByteArray();
  }

  private ValueChunk chunk(byte[] bytes) {
    return ((Frame.Values<FromWorker>) marshaller.parse(new ByteArrayInputStream(bytes))).chunk();
  }

  private static ByteString byteString(int[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asIntBuffer().put(values);
    return ByteString.copyFrom(buffer);
  }

  private static int[] ints(byte[] bytes) {
    int[] values = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
    return values;
  }

  private static String clean(String text) {
    return text.codePoints()
        .filter(c -> !(c >= 0xD800 && c <= 0xDFFF))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
