package dev.weir.data;

/** Where labelled text comes from. */
public sealed interface DataSource permits EnglishGrammar, LabelledFiles {

  /**
   * Reads it all into memory. The same source gives the same data set, in the same order, wherever
   * it is read.
   *
   * @throws dev.weir.problem.UserException if it cannot be read; all problems found in its rows, up
   *     to a limit, are in one message
   */
  Dataset load();
}
