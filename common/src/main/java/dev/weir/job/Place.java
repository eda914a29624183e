package dev.weir.job;

/**
 * Where something was given.
 *
 * @param origin the file, or the option on the command line
 * @param line its line, from 1; 0 for the origin as a whole
 */
record Place(String origin, int line) {
  static Place of(String origin) {
    return new Place(origin, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? origin : origin + ":" + line;
  }
}
