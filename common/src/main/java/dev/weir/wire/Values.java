package dev.weir.wire;

/** The fixed-point values of a chunk, wherever they are. */
sealed interface Values permits ArrayValues, BufferValues, ReceivedValues {

  /** Copies the first {@code length} of them to those of {@code target} from {@code at} on. */
  void copyTo(int[] target, int at, int length);

  /** Adds the first {@code length} of them to those of {@code sums} from {@code at} on. */
  void addTo(int[] sums, int at, int length);
}
