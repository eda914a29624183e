package dev.weir.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The known word that somebody may have meant. */
final class Suggestion {
  private static final int LONGEST = 64;

  private Suggestion() {}

  /** The word nearest to {@code given}, if one is near: at most a third of its letters differ. */
  static Optional<String> nearest(String given, Collection<String> known) {
    if (given.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .min(Comparator.comparingInt(word -> distance(letters(given), letters(word))))
        .filter(word -> distance(letters(given), letters(word)) <= Math.max(1, word.length() / 3));
  }

  /** The path of a key anywhere in the file, if {@code given} is near to it or to its last name. */
  static Optional<String> ofPath(String given, List<KeySpec> keys) {
    List<String> paths = keys.stream().map(KeySpec::path).toList();
    return paths.stream()
        .filter(path -> letters(path).endsWith("." + letters(given)))
        .findFirst()
        .or(() -> nearest(given, paths));
  }

  /** Whether {@code batch_size} or {@code BatchSize} was written makes no difference. */
  private static String letters(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
