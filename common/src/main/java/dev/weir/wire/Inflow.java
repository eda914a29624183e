package dev.weir.wire;

import com.google.protobuf.Message;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What comes on a {@link PeerStream}: cut into messages and handed on in order, or held while that
 * is paused. On the event loop only.
 */
final class Inflow {
  private final BooleanSupplier over;
  private Reading<?> reading;

  /** What came and is yet to be handed on. */
  private @Nullable ByteBuf held;

  private boolean paused;

  /** What is made of the bytes that come. */
  private record Reading<M extends Message>(
      PacketReader<M> reader, PeerStream.Listener<M> listener) {
    /** Hands on the next message; whether there was a whole one. */
    boolean next(ByteBuf in) {
      Frame<M> frame = reader.read(in);
      if (frame == null) {
        return false;
      }
      listener.taken(frame);
      return true;
    }
  }

  /**
   * @param over whether nothing is to be handed on any more
   */
  <M extends Message> Inflow(
      PacketReader<M> reader, PeerStream.Listener<M> listener, BooleanSupplier over) {
    this.reading = new Reading<>(reader, listener);
    this.over = over;
  }

  /** Who takes it now. */
  PeerStream.Listener<?> listener() {
    return reading.listener();
  }

  /** From the next message on, others come, and go to somebody else. */
  <M extends Message> void proceed(PacketReader<M> reader, PeerStream.Listener<M> listener) {
    reading.reader().close();
    reading = new Reading<>(reader, listener);
  }

  boolean isPaused() {
    return paused;
  }

  void pause() {
    paused = true;
  }

  /** Hands on what was held; it may be paused again by that. */
  void resume() {
    paused = false;
    ByteBuf in = held;
    held = null;
    if (in != null) {
      handOn(in);
    }
  }

  /** Takes bytes, which are its own from now on. */
  void take(ByteBuf in) {
    if (held != null) {
      held = Unpooled.wrappedBuffer(held, in);
    } else {
      handOn(in);
    }
  }

  private void handOn(ByteBuf in) {
    try {
      boolean more = true;
      while (more && !paused && !over.getAsBoolean()) {
        more = reading.next(in);
      }
    } finally {
      if (paused && !over.getAsBoolean() && in.isReadable()) {
        held = in;
      } else {
        in.release();
      }
    }
  }

  /** Lets go of everything. */
  void close() {
    reading.reader().close();
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
