package dev.weir.model;

import java.util.List;

/**
 * The three tables whose rows add up to a token's embedding, {@code [rows, hidden]} each.
 *
 * @param words row: the token
 * @param positions row: the token's place in its sequence
 * @param types row 0, since every batch is one segment
 */
record EmbeddingTables(Parameter words, Parameter positions, Parameter types) {

  /** The tables, in the order of the layout. */
  List<Parameter> all() {
    return List.of(words, positions, types);
  }
}
