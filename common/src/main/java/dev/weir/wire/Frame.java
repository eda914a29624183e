package dev.weir.wire;

/**
 * What travels on a session: an ordinary protocol message, a chunk of values, or neither. Chunks
 * are kept apart so that their values go between {@code int[]} and the socket without passing
 * through protobuf objects; on the wire they are ordinary protobuf all the same.
 *
 * @param <M> the protocol message of this direction
 */
public sealed interface Frame<M> {

  /** An ordinary protocol message. */
  record Message<M>(M message) implements Frame<M> {}

  /** A chunk of values. */
  record Values<M>(ValueChunk chunk) implements Frame<M> {}

  /** Bytes that are no message of the protocol. */
  record Malformed<M>(String reason) implements Frame<M> {}
}
