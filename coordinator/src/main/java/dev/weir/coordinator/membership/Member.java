package dev.weir.coordinator.membership;

import dev.weir.wire.Link;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one worker.
 *
 * <p>A worker does what it was assigned one after the other, and cannot be interrupted in it: after
 * a step has ended without it, it is still busy. So an assignment is kept until it is answered,
 * even if the answer will mean nothing.
 */
final class Member {
  /** What it was assigned; perhaps it was told before, and may have begun before. */
  private record Task(long step, int attempt, int shards, boolean told) {}

  final int worker;
  final String name;

  /** Shards of the current attempt that it was assigned and has not delivered. */
  final BitSet open = new BitSet();

  /** Shards of the current attempt whose values went to the owners of the plan. */
  final BitSet handed = new BitSet();

  /** Assigned and not answered, oldest first. */
  private final Deque<Task> tasks = new ArrayDeque<>();

  boolean ready;

  /** Whether it serves other workers. */
  boolean reachable;

  /** Its way to the coordinator; null if that is not known. */
  @Nullable Link link;

  long heardNs;

  /** Since when it works on its oldest task, as far as can be seen from here. */
  long sinceNs;

  /** Its own usual time for a shard, from assigning it to having its values; 0 if unknown. */
  long usualNs;

  /** Whether it is overdue with what is open. */
  boolean late;

  /** Whether that was told. */
  boolean noticed;

  Member(int worker, String name, long nowNs) {
    this.worker = worker;
    this.name = name;
    this.heardNs = nowNs;
  }

  /** What it was doing, for messages about its end. */
  String phase() {
    if (!ready) {
      return "while it was loading";
    }
    return open.isEmpty()
        ? "while it had nothing to do"
        : "while shards " + open + " were expected of it";
  }

  /** Who it is and how it is, for messages. */
  String describe(long nowNs) {
    return String.format(
        Locale.ROOT, "%s, last heard %.1f s ago, %s", name, (nowNs - heardNs) / 1e9, phase());
  }

  /** Ready, and done with all that it was ever assigned. */
  boolean isIdle() {
    return ready && tasks.isEmpty();
  }

  /** Whether it has yet to answer something that it was assigned. */
  boolean isBusy() {
    return !tasks.isEmpty();
  }

  void assign(long nowNs, long step, int attempt, BitSet shards) {
    add(nowNs, new Task(step, attempt, shards.cardinality(), false));
    open.or(shards);
  }

  /** A step begins for which it was told its shards. */
  void goOn(long nowNs, long step, BitSet shards) {
    add(nowNs, new Task(step, 0, shards.cardinality(), true));
    open.or(shards);
  }

  /** It makes shards that it was told for a step, which are of no use. */
  void goAstray(long nowNs, long step, BitSet shards) {
    add(nowNs, new Task(step, 0, shards.cardinality(), true));
  }

  private void add(long nowNs, Task task) {
    if (tasks.isEmpty()) {
      sinceNs = nowNs;
    }
    tasks.add(task);
  }

  /**
   * It answered its oldest task of an attempt, and will not answer those before.
   *
   * @return how long it took for each shard; 0 if there was no such task, or that is not known
   */
  long answered(long nowNs, long step, int attempt) {
    Task task = takeTask(step, attempt);
    if (task == null) {
      return 0;
    }
    long shardNs = Math.max(1, (nowNs - sinceNs) / Math.max(1, task.shards()));
    sinceNs = nowNs;
    if (task.told() && (usualNs == 0 || 2 * shardNs < usualNs)) {
      return 0; // Much of it, or all, was made before the step began here.
    }
    usualNs = usualNs == 0 ? shardNs : (usualNs + shardNs) / 2;
    return shardNs;
  }

  /** It answers nothing of what it was assigned before. */
  void forgetTasks(long nowNs) {
    tasks.clear();
    sinceNs = nowNs;
  }

  private @Nullable Task takeTask(long step, int attempt) {
    if (tasks.stream().noneMatch(task -> task.step() == step && task.attempt() == attempt)) {
      return null;
    }
    Task task;
    do {
      task = tasks.remove();
    } while (task.step() != step || task.attempt() != attempt);
    return task;
  }

  /**
   * Shards that it is going to work on: its oldest task, whatever it is, and all of the attempt.
   */
  int queuedShards(long step, int attempt) {
    int shards = 0;
    Iterator<Task> each = tasks.iterator();
    for (boolean first = true; each.hasNext(); first = false) {
      Task task = each.next();
      if (first || (task.step() == step && task.attempt() == attempt)) {
        shards += task.shards();
      }
    }
    return shards;
  }
}
