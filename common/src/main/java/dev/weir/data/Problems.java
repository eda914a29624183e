package dev.weir.data;

import dev.weir.problem.UserException;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a file's rows, so that a person can mend it all at once. */
final class Problems {
  private static final int SHOWN = 10;

  private final List<String> shown = new ArrayList<>();
  private int count;

  /** See {@link UserException#UserException(String, String, String)}. */
  void add(String place, String broken, String remedy) {
    if (count < SHOWN) {
      shown.add(new UserException(place, broken, remedy).getMessage());
    }
    count++;
  }

  /**
   * @throws UserException if there was a problem
   */
  void throwIfAny() {
    if (count > SHOWN) {
      shown.add("… and %d more".formatted(count - SHOWN));
    }
    if (count > 0) {
      throw new UserException(String.join("\n", shown));
    }
  }
}
