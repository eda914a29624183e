package dev.weir.job;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which keys were given, where, and which of them were refused. */
final class Given {
  private final Map<String, Place> places = new HashMap<>();
  private final Set<String> refused = new HashSet<>();

  void accept(String path, Place place) {
    places.put(path, place);
  }

  void refuse(String path) {
    refused.add(path);
  }

  /** Whether each of the keys has a value to rely on, given or by default. */
  boolean isSound(String... paths) {
    return Arrays.stream(paths)
        .noneMatch(
            path ->
                refused.stream().anyMatch(bad -> path.equals(bad) || path.startsWith(bad + ".")));
  }

  /** Where a key was given; empty if it has its default. */
  Optional<Place> place(String path) {
    return Optional.ofNullable(places.get(path));
  }

  /** The place of the first of the keys that was given, or the file as a whole. */
  Place placeOf(String origin, String... paths) {
    return Arrays.stream(paths)
        .flatMap(path -> place(path).stream())
        .findFirst()
        .orElse(Place.of(origin));
  }
}
