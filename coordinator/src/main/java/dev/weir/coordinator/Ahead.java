package dev.weir.coordinator;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What a worker was told of the step after the current one, and what it has said about that before
 * it began.
 */
final class Ahead {
  /** Of a contribution: its begin, and what it came to. */
  private static final int MOST_WORDS = 2;

  private final BitSet shards = new BitSet();
  private final List<Runnable> words = new ArrayList<>();
  private long step = -1;

  /** Notes shards that it may contribute to the first attempt of a step, before that begins. */
  void tell(long ofStep, BitSet some) {
    step = ofStep;
    shards.clear();
    shards.or(some);
  }

  /** Whether it was told of that attempt. */
  boolean isOf(long ofStep, int attempt) {
    return ofStep == step && attempt == 0;
  }

  /** The shards that it was told; to be read. */
  BitSet shards() {
    return shards;
  }

  /**
   * Keeps a word about the step.
   *
   * @param word takes it, once the step has begun
   * @throws IllegalArgumentException if there are more than belong to a contribution
   */
  void keep(Runnable word) {
    if (words.size() == MOST_WORDS) {
      throw new IllegalArgumentException(
          "more than one contribution to step " + step + ", which is yet to begin");
    }
    words.add(word);
  }

  /** Takes what was kept, in its order. */
  List<Runnable> takeWords() {
    List<Runnable> taken = List.copyOf(words);
    forgetWords();
    return taken;
  }

  void forgetWords() {
    words.clear();
  }
}
