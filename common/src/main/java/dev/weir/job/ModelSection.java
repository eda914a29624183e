package dev.weir.job;

/**
 * The base model.
 *
 * @param source {@link #BUNDLED} or a directory
 * @param layers encoder layers to keep, from the first; 0 keeps all
 * @param maxLength tokens per sequence; longer texts are cut off
 */
public record ModelSection(
    @Default(ModelSection.BUNDLED)
        @Doc("The base model: `all-minilm-l6-v2`, which comes with Weir, or a directory.")
        String source,
    @Default("0")
        @Range("[0, 1000]")
        @Doc("Encoder layers to keep, counted from the first; 0 keeps all.")
        int layers,
    @Default("64") @Range("[3, 8192]") @Doc("Tokens per sequence; longer texts are cut off.")
        int maxLength) {

  /** Name of the model that comes with Weir. */
  public static final String BUNDLED = "all-minilm-l6-v2";

  /** Whether {@link #source} is the model that comes with Weir, not a directory. */
  public boolean isBundled() {
    return source.equals(BUNDLED);
  }
}
