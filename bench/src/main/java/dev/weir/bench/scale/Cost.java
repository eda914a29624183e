package dev.weir.bench.scale;

/**
 * What one side of a stream takes of a processor, receiving and sending together, in seconds.
 *
 * @param perPeer for each peer in a step, whatever is exchanged with it
 * @param perMessage for each message of values
 * @param perByte for each byte of values
 */
record Cost(double perPeer, double perMessage, double perByte) {
  /** Of a step. */
  double seconds(double peers, double messages, double bytes) {
    return peers * perPeer + messages * perMessage + bytes * perByte;
  }
}
