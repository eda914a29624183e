package dev.weir.job;

import dev.weir.problem.UserException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Collects what is wrong with a job file, to report it all at once. */
final class Problems {
  /** Nobody mends more at a time; a file of another kind would have thousands. */
  private static final int SHOWN = 100;

  private record Problem(Place place, String broken, String remedy) {
    String text() {
      return place + ": " + broken + (remedy.isEmpty() ? "" : "\n  " + remedy);
    }
  }

  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param broken the broken rule: what was given and what is allowed
   * @param remedy what to do about it; empty if the rule says it already
   */
  void add(Place place, String broken, String remedy) {
    problems.add(new Problem(place, broken, remedy));
  }

  /** Whether further ones would only be counted. */
  boolean isFull() {
    return problems.size() >= SHOWN;
  }

  /**
   * @throws UserException if there are any problems, with all of them
   */
  void check() {
    if (!problems.isEmpty()) {
      throw exception();
    }
  }

  /** In the order of the lines, each under its place. */
  UserException exception() {
    problems.sort(Comparator.comparingInt(p -> p.place().line()));
    String text =
        problems.stream().limit(SHOWN).map(Problem::text).collect(Collectors.joining("\n"));
    int more = problems.size() - SHOWN;
    return new UserException(more > 0 ? text + "\nand " + more + " problems more" : text);
  }
}
