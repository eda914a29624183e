package dev.weir.bench.micro;

import dev.weir.proto.FromWorker;
import dev.weir.sum.BlockExponents;
import dev.weir.sum.FixedPoint;
import dev.weir.sum.Quantization;
import dev.weir.sum.SumFormat;
import dev.weir.sum.SumRule;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.ValueChunk;
import io.grpc.Drainable;
import io.grpc.internal.ReadableBuffers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What is done with all k values of a step between the engine and the socket. */
@State(Scope.Thread)
public class HotPath {
  private static final int CHUNK = 16_384;
  private static final int SHARDS = 4;

  /** Length of the vectors, k: 0.5 % of the bundled model, and 5 MiB. */
  @Param({"112830", "1310720"})
  public int values;

  /** How values travel. */
  @Param public SumFormat format = SumFormat.FIXED32;

  private int[] from = new int[0];
  private int[] into = new int[0];
  private float[] gradient = new float[0];
  private BlockExponents exponents = BlockExponents.initial(SumFormat.FIXED32, 1);
  private SumRule rule = new SumRule(SumFormat.FIXED32, SHARDS, 1);
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
  private ByteBuffer message = ByteBuffer.allocate(0);

  /** Fills the vectors. */
  @Setup
  public void fill() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    from = random.ints(values, -1000, 1000).toArray();
    into = random.ints(values, -1000, 1000).toArray();
    gradient = new float[values];
    for (int i = 0; i < values; i++) {
      gradient[i] = (float) (random.nextDouble() - 0.5) * 1e-2f;
    }
    exponents = BlockExponents.initial(format, values);
    rule = new SumRule(format, SHARDS, 1);
    encode(0);
    message = ByteBuffer.allocateDirect(wire.size()).put(wire.toByteArray()).flip();
  }

  /** What everything else is measured by: one array to another. */
  @Benchmark
  public int[] copy() {
    System.arraycopy(from, 0, into, 0, values);
    return into;
  }

  /** One contribution added to the sums. */
  @Benchmark
  public int[] add() {
    FixedPoint.add(into, 0, from, 0, values);
    return into;
  }

  /** A gradient to integers, added to the worker's sums. */
  @Benchmark
  public Quantization quantize() {
    return FixedPoint.quantize(gradient, exponents, rule, 7, 1, into);
  }

  /** Integers back to floats, before the optimizer. */
  @Benchmark
  public float[] dequantize() {
    FixedPoint.dequantize(from, exponents, SHARDS, gradient);
    return gradient;
  }

  /** A vector to messages, as gRPC takes them. */
  @Benchmark
  public int encode() throws IOException {
    int bytes = 0;
    for (int offset = 0; offset < values; offset += CHUNK) {
      wire.reset();
      encode(offset);
      bytes += wire.size();
    }
    return bytes;
  }

  /** The first message of a vector back to values, as often as there are messages. */
  @Benchmark
  public int[] decode() {
    for (int offset = 0; offset < values; offset += CHUNK) {
      receive().copyTo(into, Math.min(offset, values - CHUNK));
    }
    return into;
  }

  /** The same, added to the sums. */
  @Benchmark
  public int[] decodeAndAdd() {
    for (int offset = 0; offset < values; offset += CHUNK) {
      receive().addTo(into, Math.min(offset, values - CHUNK));
    }
    return into;
  }

  private ValueChunk receive() {
    Frame<FromWorker> frame =
        Protocol.SESSION.parseRequest(
            ReadableBuffers.openStream(ReadableBuffers.wrap(message.duplicate()), true));
    return ((Frame.Values<FromWorker>) frame).chunk();
  }

  private void encode(int offset) throws IOException {
    ValueChunk chunk =
        new ValueChunk(7, 0, offset, from, offset, Math.min(CHUNK, values - offset), format);
    try (InputStream stream = Protocol.SESSION.streamResponse(new Frame.Values<>(chunk))) {
      int unused = ((Drainable) stream).drainTo(wire);
    }
  }
}
