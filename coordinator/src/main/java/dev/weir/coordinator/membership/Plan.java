package dev.weir.coordinator.membership;

import java.util.List;

/**
 * Who adds.
 *
 * @param number 0 for {@link #HUB}; each other plan has a higher one than those before
 * @param owners workers that own a slice each, chunks are dealt to them in turn; empty if the
 *     coordinator adds
 */
public record Plan(long number, List<Integer> owners) {
  /** The coordinator adds. */
  public static final Plan HUB = new Plan(0, List.of());

  /** Whether the workers add. */
  public boolean isDirect() {
    return !owners.isEmpty();
  }
}
