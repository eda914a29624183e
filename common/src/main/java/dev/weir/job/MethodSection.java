package dev.weir.job;

/**
 * The choice of the trained coordinates.
 *
 * @param name the method
 * @param density share of the coordinates that are chosen, k/n, in (0, 1]; always 1 where {@link
 *     MethodName#hasDensity} is false
 * @param samples samples that Fisher scores are the mean of
 * @param fisher labels that Fisher scores are taken over
 * @param threads compute threads of the coordinator, for scores and evaluation
 */
public record MethodSection(
    @Default("fisher") @Doc("How the trained coordinates are chosen.") MethodName name,
    @Default("0.005")
        @Range("(0, 1]")
        @Doc("Share of the coordinates that are chosen. Not allowed with `bitfit` and `dense`.")
        double density,
    @Default("256") @Range("[1, 1000000000]") @Doc("Samples that Fisher scores are averaged over.")
        int samples,
    @Default("empirical")
        @Doc(
            "Labels that Fisher scores are taken over: those of the data, or every class weighted"
                + " with the probability that the model gives it.")
        Fisher fisher,
    @Default("2")
        @Range("[1, 1024]")
        @Doc(
            "Compute threads of the coordinator, for scores and evaluation. Part of the result: the"
                + " last bits of the scores depend on it.")
        int threads) {

  public MethodSection {
    density = name.hasDensity() ? density : 1;
  }
}
