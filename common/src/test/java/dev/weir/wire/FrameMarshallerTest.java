package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.weir.proto.Chunk;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Join;
import dev.weir.sum.FixedPoint;
import dev.weir.sum.SumFormat;
import io.grpc.Drainable;
import io.grpc.internal.CompositeReadableBuffer;
import io.grpc.internal.ReadableBuffers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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
    assertThat(values(chunk)).isEqualTo(values);
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
    assertThat(values(back)).isEqualTo(values);
  }

  @Property(tries = 500)
  void valuesAreReadWhereverTheBuffersOfTheTransportAreCut(
      @ForAll SumFormat format,
      @ForAll @IntRange(max = 7000) int length,
      @ForAll @Size(max = 6) List<@IntRange(max = 28_050) Integer> cuts,
      @ForAll @LongRange(min = 0) long step,
      @ForAll @IntRange(min = 0) int offset,
      @ForAll Random random)
      throws IOException {
    int[] values = random.ints(length).toArray();
    format.wrap(values, 0, length);
    byte[] bytes = drain(new ValueChunk(step, 3, offset, values, 0, length, format).asReduced());
    int[] sums = random.ints(length + 2).toArray();
    int[] expected = sums.clone();
    FixedPoint.add(expected, 1, values, 0, length);

    ValueChunk copied = chunk(cut(bytes, cuts));
    ValueChunk added = chunk(cut(bytes, cuts));
    added.addTo(sums, 1);

    assertThat(values(copied)).isEqualTo(values);
    assertThat(sums).isEqualTo(expected);
    assertThat(copied.step()).isEqualTo(step);
    assertThat(copied.attempt()).isEqualTo(3);
    assertThat(copied.offset()).isEqualTo(offset);
    assertThat(copied.format()).isEqualTo(format);
    assertThat(copied.reduced()).isTrue();
  }

  @Property(tries = 500)
  void brokenBuffersAreTakenAsBrokenBytesAre(
      @ForAll @Size(max = 50) int[] values,
      @ForAll @Size(max = 3) List<@IntRange(max = 220) Integer> cuts,
      @ForAll @IntRange(min = 0, max = 219) int position,
      @ForAll byte flip,
      @ForAll @IntRange(max = 2) int missing)
      throws IOException {
    byte[] whole = drain(3, 0, 0, values);
    whole[position % whole.length] ^= flip;
    byte[] bytes = Arrays.copyOf(whole, whole.length - missing);

    Frame<FromWorker> cut = marshaller.parse(cut(bytes, cuts));
    Frame<FromWorker> uncut = marshaller.parse(new ByteArrayInputStream(bytes));

    assertThat(cut.getClass()).isEqualTo(uncut.getClass());
    if (cut instanceof Frame.Values<FromWorker> a && uncut instanceof Frame.Values<FromWorker> b) {
      assertThat(a.chunk().offset()).isEqualTo(b.chunk().offset());
      assertThat(values(a.chunk())).isEqualTo(values(b.chunk()));
    }
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
    return chunk(new ByteArrayInputStream(bytes));
  }

  private ValueChunk chunk(InputStream stream) {
    return ((Frame.Values<FromWorker>) marshaller.parse(stream)).chunk();
  }

  /** A message as a transport holds it: in several buffers, outside the heap. */
  private static InputStream cut(byte[] bytes, List<Integer> cuts) {
    CompositeReadableBuffer message = new CompositeReadableBuffer();
    int from = 0;
    for (int cut : Stream.concat(cuts.stream(), Stream.of(bytes.length)).sorted().toList()) {
      int length = Math.min(cut, bytes.length) - from;
      if (length > 0) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length).put(bytes, from, length).flip();
        message.addBuffer(ReadableBuffers.wrap(buffer));
        from += length;
      }
    }
    return ReadableBuffers.openStream(message, true);
  }

  private static int[] values(ValueChunk chunk) {
    int[] values = new int[chunk.length()];
    chunk.copyTo(values, 0);
    return values;
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
