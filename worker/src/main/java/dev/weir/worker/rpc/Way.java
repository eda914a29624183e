package dev.weir.worker.rpc;

import dev.weir.proto.Begin;
import dev.weir.wire.ValueChunk;

/** Where the chunks of a contribution go. */
interface Way {
  /** Tells workers that will add them that chunks of some shards follow. */
  void begin(Begin shards);

  /** Whether there is room for chunk {@code index} of the vector. */
  boolean isReady(int index);

  /** Waits until there is. */
  void awaitReady(int index) throws InterruptedException;

  /** Sends it, whether there is room or not. */
  void send(int index, ValueChunk chunk);
}
