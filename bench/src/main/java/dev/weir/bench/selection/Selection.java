package dev.weir.bench.selection;

import dev.weir.problem.UserException;
import java.util.List;

/**
 * What {@code --only} asks for: a word that is somebody's whole name means that one; any other
 * means all whose names contain it.
 */
public final class Selection {
  private final List<String> words;
  private final List<String> names;

  /**
   * @param words none for everybody
   * @param names that there are
   * @throws UserException if a word means nobody
   */
  public Selection(List<String> words, List<String> names) {
    this.words = List.copyOf(words);
    this.names = List.copyOf(names);
    for (String word : words) {
      if (names.stream().noneMatch(name -> means(word, name))) {
        throw new UserException(
            "--only",
            "'" + word + "' is in no name of " + String.join("; ", names),
            "Give names or parts of them, separated by commas.");
      }
    }
  }

  /** Whether it asks for the one of that name. */
  public boolean includes(String name) {
    return words.isEmpty() || words.stream().anyMatch(word -> means(word, name));
  }

  private boolean means(String word, String name) {
    return names.contains(word) ? word.equals(name) : name.contains(word);
  }
}
