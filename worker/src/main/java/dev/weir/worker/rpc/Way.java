package dev.weir.worker.rpc;

import dev.weir.wire.SharedChunk;
import dev.weir.wire.ValueChunk;

/** Where the chunks of a contribution go. */
interface Way {
  /** Of a plan that is over, or not known here: what goes by it vanishes. */
  Way NOWHERE =
      new Way() {
        @Override
        public boolean isReady(int index) {
          return true;
        }

        @Override
        public void awaitReady(int index) {}

        @Override
        public void send(int index, ValueChunk chunk) {}
      };

  /** Whether there is room for chunk {@code index} of the vector. */
  boolean isReady(int index);

  /** Waits until there is. */
  void awaitReady(int index) throws InterruptedException;

  /** Sends it, whether there is room or not. */
  void send(int index, ValueChunk chunk);

  /** All to the coordinator. */
  record ToCoordinator(Outbox outbox) implements Way {
    @Override
    public boolean isReady(int index) {
      return outbox.isReady();
    }

    @Override
    public void awaitReady(int index) throws InterruptedException {
      outbox.awaitReady();
    }

    @Override
    public void send(int index, ValueChunk chunk) {
      try (SharedChunk alone = new SharedChunk(chunk)) {
        outbox.send(alone);
      }
    }
  }
}
