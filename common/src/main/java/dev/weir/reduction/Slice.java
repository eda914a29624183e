package dev.weir.reduction;

/**
 * What one of some owners adds of the masked vector. Chunks are dealt to the owners in turn, so
 * that chunks that are known at the same time, as those of one layer are, are added at different
 * places.
 */
public final class Slice {
  private Slice() {}

  /** Which of so many owners adds chunk {@code index}. */
  public static int owner(int index, int owners) {
    return index % owners;
  }

  /**
   * Number of values that an owner adds.
   *
   * @param values length of the vector, k
   * @param chunkLength values per chunk; only the last may be shorter
   * @param owner its place, from 0
   */
  public static int length(int values, int chunkLength, int owner, int owners) {
    int chunks = (values + chunkLength - 1) / chunkLength;
    int own = (chunks - owner + owners - 1) / owners;
    boolean hasLast = own > 0 && owner(chunks - 1, owners) == owner;
    return own * chunkLength - (hasLast ? chunks * chunkLength - values : 0);
  }
}
