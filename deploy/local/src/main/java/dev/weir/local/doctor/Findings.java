package dev.weir.local.doctor;

import dev.weir.problem.UserException;
import java.io.PrintStream;

/** Lines about what was looked at: what was found, and what to do where that is wrong. */
final class Findings {
  private final PrintStream out;
  private int wrong;

  Findings(PrintStream out) {
    this.out = out;
  }

  void good(String what, String found) {
    out.printf("ok     %-10s %s%n", what, found);
  }

  /** Something that may be meant as it is. */
  void notable(String what, String found, String remedy) {
    out.printf("note   %-10s %s%n                  %s%n", what, found, remedy);
  }

  void wrong(String what, String found, String remedy) {
    wrong++;
    out.printf("WRONG  %-10s %s%n                  %s%n", what, found, remedy);
  }

  /** What went wrong, in words that hold the place and the remedy. */
  void wrong(String what, UserException problem) {
    wrong++;
    String message = String.valueOf(problem.getMessage());
    out.printf("WRONG  %-10s %s%n", what, message.replace("\n", "\n                "));
  }

  int wrong() {
    return wrong;
  }
}
