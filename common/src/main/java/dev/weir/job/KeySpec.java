package dev.weir.job;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One scalar key of the job file, as a record's component declares it.
 *
 * @param path from the top: {@code training.optimizer.name}
 */
record KeySpec(String path, RecordComponent component) {

  /** The keys of a record and of the sections in it, in the order of their declaration. */
  static List<KeySpec> of(Class<?> section, String prefix) {
    List<KeySpec> keys = new ArrayList<>();
    for (RecordComponent component : section.getRecordComponents()) {
      String path = prefix + component.getName();
      if (component.getType().isRecord()) {
        keys.addAll(of(component.getType(), path + "."));
      } else {
        keys.add(new KeySpec(path, component));
      }
    }
    return keys;
  }

  ScalarType type() {
    return ScalarType.of(component.getType());
  }

  /** As it would be written, or null if the key then has no value. */
  @Nullable String defaultText() {
    Default annotation = component.getAnnotation(Default.class);
    return annotation == null ? null : annotation.value();
  }

  /** The value where the file does not give the key. */
  @Nullable Object defaultValue() {
    String text = defaultText();
    return text == null ? null : read(text);
  }

  String doc() {
    Doc annotation = component.getAnnotation(Doc.class);
    return annotation == null ? "" : annotation.value();
  }

  /** The only texts allowed; empty if there is no such list. */
  List<String> choices() {
    Choices annotation = component.getAnnotation(Choices.class);
    if (annotation != null) {
      return Arrays.asList(annotation.value());
    }
    return type() instanceof ScalarType.Name names ? names.names() : List.of();
  }

  /** What may be given, in words. */
  String allowed() {
    if (!choices().isEmpty()) {
      return choiceOf(choices());
    }
    Interval interval = interval();
    return interval == null ? type().noun() : type().noun() + " " + interval.words();
  }

  private static String choiceOf(List<String> words) {
    String last = words.get(words.size() - 1);
    return words.size() == 1
        ? last
        : String.join(", ", words.subList(0, words.size() - 1)) + " or " + last;
  }

  /**
   * Reads a value of this key.
   *
   * @throws IllegalArgumentException if it is not {@link #allowed}
   */
  Object read(String text) {
    Comparable<?> value = type().read(text);
    Interval interval = interval();
    boolean isChosen = choices().isEmpty() || choices().contains(text);
    if (!isChosen || (interval != null && !interval.contains(value, type()))) {
      throw new IllegalArgumentException();
    }
    return value;
  }

  private @Nullable Interval interval() {
    Range range = component.getAnnotation(Range.class);
    return range == null ? null : Interval.of(range);
  }
}
