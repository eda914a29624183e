package dev.weir.sum;

/** How multiples of a unit become integers. */
interface Rounding {
  /**
   * Rounds {@code gradient} from {@code start} to {@code end} and adds it to {@code sums}.
   *
   * @param perUnit 1 / unit, a power of two
   */
  void add(float[] gradient, double perUnit, int[] sums, int start, int end);

  /**
   * The largest float that is rounded to at most {@code most} units, whatever the random numbers.
   *
   * @param most 2^b − 1
   */
  float limit(int most, double unit);
}
