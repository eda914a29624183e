package dev.weir.data;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.weir.problem.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Texts to token ids, as a Hugging Face {@code tokenizer.json} says, special tokens included. Never
 * pads, and cuts at a length of its own; what the file says about both is overridden.
 */
public final class Encoder implements AutoCloseable {
  /** Bounds what the native side holds at a time. */
  private static final int TEXTS_PER_CALL = 512;

  /** A token, and the two special tokens around it. */
  private static final int MINIMUM_LENGTH = 3;

  private final HuggingFaceTokenizer tokenizer;

  /**
   * @param tokenizerJson contents of a {@code tokenizer.json}
   * @param maxLength tokens at which a sequence is cut, special tokens included; at least 3
   * @throws IllegalArgumentException if the length is below 3
   * @throws UserException if the contents are not those of a tokenizer
   */
  public Encoder(byte[] tokenizerJson, int maxLength) {
    if (maxLength < MINIMUM_LENGTH) {
      throw new IllegalArgumentException(
          "maximum length %d; at least %d".formatted(maxLength, MINIMUM_LENGTH));
    }
    stayOffline();
    tokenizer = open(tokenizerJson, Integer.toString(maxLength));
  }

  private static HuggingFaceTokenizer open(byte[] tokenizerJson, String maxLength) {
    try {
      return HuggingFaceTokenizer.newInstance(
          new ByteArrayInputStream(tokenizerJson),
          Map.of(
              "padding",
              "false",
              "truncation",
              "true",
              "maxLength",
              maxLength,
              "modelMaxLength",
              maxLength));
    } catch (EngineException e) {
      throw e; // The native library, not the file.
    } catch (RuntimeException e) {
      throw new UserException(
          "tokenizer.json",
          "this is not a tokenizer that can be read: " + e.getMessage(),
          "Use the tokenizer.json that was saved with the model.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The native library is in its jar; the engine would otherwise look for another, and report. */
  private static void stayOffline() {
    for (String property : List.of("ai.djl.offline", "OPT_OUT_TRACKING")) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, "true");
      }
    }
  }

  /**
   * The token ids of each text.
   *
   * @return {@code [text][token]}, without padding; the caller's
   */
  public int[][] encode(List<String> texts) {
    int[][] tokens = new int[texts.size()][];
    for (int first = 0; first < tokens.length; first += TEXTS_PER_CALL) {
      int end = Math.min(first + TEXTS_PER_CALL, tokens.length);
      Encoding[] encodings = tokenizer.batchEncode(texts.subList(first, end), true, false);
      for (int i = 0; i < encodings.length; i++) {
        tokens[first + i] =
            Arrays.stream(encodings[i].getIds()).mapToInt(Math::toIntExact).toArray();
      }
    }
    return tokens;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
