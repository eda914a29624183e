package dev.weir.bench.selection;

import java.util.List;

/**
 * What {@code --only} asks for: a word that is somebody's whole name means that one; any other
 * means all whose names contain it.
 *
 * @param words none for everybody
 */
public record Selection(List<String> words) {

  /**
   * Whether it asks for {@code name}.
   *
   * @param all names that there are
   */
  public boolean includes(String name, List<String> all) {
    return words.isEmpty()
        || words.contains(name)
        || words.stream().anyMatch(word -> !all.contains(word) && name.contains(word));
  }
}
