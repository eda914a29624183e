package dev.weir.coordinator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.weir.state.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run in numbers: {@code summary.json}.
 *
 * @param job name of the job
 * @param method how the trained coordinates were chosen
 * @param parameters n
 * @param trainable k
 * @param density k / n
 * @param maskDigest SHA-256 of the mask
 * @param steps steps done
 * @param workers workers that were ready at the end
 * @param shards shards per step
 * @param precision of the values on the wire
 * @param topology of the all-reduce
 * @param topologyChoice who adds at last, and why, where that was left open or given up; otherwise
 *     missing
 * @param everySteps steps between exchanges, H
 * @param stateDigest SHA-256 of the state after the last step
 * @param ended finished or stopped
 * @param wire bytes
 * @param seconds time, of each worker in the mean unless said otherwise
 * @param late workers that were late, those that cost most first
 * @param eval on the held-out samples
 */
public record Summary(
    String job,
    String method,
    int parameters,
    int trainable,
    double density,
    String maskDigest,
    long steps,
    int workers,
    int shards,
    String precision,
    String topology,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String topologyChoice,
    int everySteps,
    String stateDigest,
    String ended,
    Wire wire,
    Seconds seconds,
    List<Late> late,
    Evaluations eval) {

  /**
   * Bytes at the coordinator's sockets, all framing included.
   *
   * @param sentBytes sent to all workers, over the whole run
   * @param receivedBytes received from all workers, over the whole run
   * @param stepSentBytesPerStepPerWorker sent while steps were done: without mask and state
   *     transfer; in a run that was resumed, since then
   * @param stepReceivedBytesPerStepPerWorker received while steps were done
   * @param payloadBytesPerStepPerWorker what must travel each way: k values, once in H steps
   * @param denseBytesPerStepPerWorker what would have to travel each way without a mask: n floats
   */
  public record Wire(
      long sentBytes,
      long receivedBytes,
      double stepSentBytesPerStepPerWorker,
      double stepReceivedBytesPerStepPerWorker,
      long payloadBytesPerStepPerWorker,
      long denseBytesPerStepPerWorker) {}

  /**
   * Time in seconds.
   *
   * @param mask choosing the mask, on the coordinator
   * @param train all steps, wall clock
   * @param compute forward and backward
   * @param gather bringing gradients to the host, quantizing and adding them
   * @param allReduce sending, adding and receiving, without waiting for slower workers
   * @param update optimizer and scatter
   * @param waiting waiting for slower workers to finish computing
   */
  public record Seconds(
      double mask,
      double train,
      double compute,
      double gather,
      double allReduce,
      double update,
      double waiting) {}

  /**
   * A worker that was late with its shards.
   *
   * @param times in how many steps
   * @param seconds how much longer than usual those steps took for that
   */
  public record Late(String worker, int times, double seconds) {}

  /**
   * On the held-out samples.
   *
   * @param before training
   * @param after training; missing if it did not finish
   * @param during training, in order: none unless {@code training.evaluateEvery} asks for them
   */
  public record Evaluations(Score before, @Nullable Score after, List<During> during) {}

  /** How well the model did after so many steps, on so many held-out samples. */
  public record During(long step, double accuracy, double mcc, double loss, long samples) {}

  /** How well the held-out samples are classified. */
  public record Score(double accuracy, double mcc, double loss, long samples) {

    /** Keeps it in {@code file}, for a run that is resumed. */
    void write(Path file) {
      save(file, this);
    }

    /** What {@code file} keeps, or null if it is missing or cut off. */
    static @Nullable Score read(Path file) {
      try {
        return JSON.readValue(file.toFile(), Score.class);
      } catch (IOException e) {
        return null;
      }
    }
  }

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Whether {@code file} is that of a run all of whose steps are done. */
  static boolean isOfFinished(Path file) {
    try {
      return JSON.readTree(file.toFile()).path("ended").asText().equals("finished");
    } catch (IOException e) {
      return false; // There is none yet.
    }
  }

  /** Writes it. */
  public void write(Path file) {
    save(file, this);
  }

  /** Whole or not at all. */
  private static void save(Path file, Object contents) {
    try {
      byte[] bytes = JSON.writeValueAsBytes(contents);
      AtomicFile.write(file, out -> AtomicFile.writeFully(out, ByteBuffer.wrap(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
