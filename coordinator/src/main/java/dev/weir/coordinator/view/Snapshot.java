package dev.weir.coordinator.view;

import dev.weir.coordinator.progress.RunFacts;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.progress.StepTimes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run at a moment.
 *
 * @param phase what it does
 * @param phaseText the same in words; the reason, if it ended
 * @param jobYaml the resolved job
 * @param facts unknown until the mask is chosen
 * @param step steps done
 * @param seconds wall-clock time of the steps done by this process
 * @param loss by step
 * @param throughput samples per second, by step
 * @param samplesPerSecond lately
 * @param evaluations on the held-out samples, by steps
 * @param exchangedBytes both ways, all workers
 * @param denseBytes what the same steps would have exchanged without a mask
 * @param workers that took part, those that left last
 * @param events what happened, latest first
 */
public record Snapshot(
    Phase phase,
    String phaseText,
    String jobYaml,
    @Nullable RunFacts facts,
    long step,
    double seconds,
    List<Series.Point> loss,
    List<Series.Point> throughput,
    double samplesPerSecond,
    List<Scored> evaluations,
    long exchangedBytes,
    double denseBytes,
    List<Worker> workers,
    List<Happening> events) {

  /** What a run does. */
  public enum Phase {
    /** Loads the model and chooses the mask. */
    PREPARING,
    /** Does steps. */
    TRAINING,
    /** Is over. */
    ENDED
  }

  /**
   * One worker.
   *
   * @param shards what it was last assigned
   * @param contributions how many it made
   * @param times of all of them
   */
  public record Worker(
      int number,
      String name,
      State state,
      String shards,
      long contributions,
      StepTimes times,
      boolean straggling) {
    /** Where it is in its life. */
    public enum State {
      LOADING,
      READY,
      GONE
    }
  }

  /**
   * Something that happened.
   *
   * @param fault whether it is something gone wrong
   */
  public record Happening(Instant when, boolean fault, String text) {}
}
