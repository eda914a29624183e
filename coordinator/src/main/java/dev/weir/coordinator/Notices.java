package dev.weir.coordinator;

import dev.weir.coordinator.membership.Effect;
import java.util.Locale;

/** What a person is told of what the membership wants. */
final class Notices {
  private Notices() {}

  static String of(Effect.Await await, long step) {
    return String.format(
        Locale.ROOT,
        "waiting for workers at step %d for %.0f s: %d of the required %d are ready%s",
        step,
        await.ageNs() / 1e9,
        await.ready(),
        await.required(),
        await.awaited().isEmpty() ? "" : " (" + String.join("; ", await.awaited()) + ")");
  }

  static String of(Effect.Late late) {
    return String.format(
        Locale.ROOT,
        "%s is late at step %d: shards %s are expected for %.1f s; idle workers get them too",
        late.name(),
        late.step(),
        late.shards(),
        late.ageNs() / 1e9);
  }

  /**
   * Of a step that is skipped.
   *
   * @param steps how many are, if it stands for a round
   */
  static String of(Effect.Skip skip, int steps) {
    return String.format(
        "%s skipped: %s of shard %d on %s is not finite",
        steps == 1
            ? "step " + skip.step() + " is"
            : "steps " + skip.step() + "–" + (skip.step() + steps - 1) + " are",
        skip.fault().words(),
        skip.fault().shard(),
        skip.worker());
  }

  /** Of the last of several plans that came to nothing. */
  static String of(Effect.GiveUp last) {
    return String.format(
        "from step %d on, all sums go through the coordinator: again and again the workers could"
            + " not exchange, last because %s",
        last.step(), last.reason());
  }
}
