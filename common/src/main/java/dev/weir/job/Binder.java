package dev.weir.job;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Makes records of YAML nodes. A key whose value is refused gets its default and the binding goes
 * on, so that every problem is found in one pass; {@link Given} remembers which values are real.
 */
final class Binder {
  private static final Set<Tag> STANDARD_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP, Tag.NULL, Tag.MERGE, Tag.MAP);

  private final YamlSource source;
  private final Overrides overrides;
  private final List<KeySpec> allKeys;
  private final Problems problems;
  private final Given given;

  Binder(
      YamlSource source,
      Overrides overrides,
      List<KeySpec> allKeys,
      Given given,
      Problems problems) {
    this.source = source;
    this.overrides = overrides;
    this.allKeys = allKeys;
    this.given = given;
    this.problems = problems;
  }

  /**
   * @param prefix path of the section with a dot after it; empty at the top
   * @param mapping null where the file does not give the section
   */
  <R extends Record> R bind(Class<R> type, String prefix, @Nullable MappingNode mapping) {
    RecordComponent[] components = type.getRecordComponents();
    Map<String, NodeTuple> entries = mapping == null ? Map.of() : entries(type, prefix, mapping);
    @Nullable Object[] arguments = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String path = prefix + components[i].getName();
      NodeTuple entry = entries.get(components[i].getName());
      Class<?> componentType = components[i].getType();
      arguments[i] =
          componentType.isRecord()
              ? bind(componentType.asSubclass(Record.class), path + ".", section(path, entry))
              : value(new KeySpec(path, components[i]), entry);
    }
    return create(type, arguments);
  }

  private static <R extends Record> R create(Class<R> type, @Nullable Object[] arguments) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot create a " + type, e);
    }
  }

  /** The entries of a mapping by their keys; reports keys that are unknown, double or not text. */
  private Map<String, NodeTuple> entries(Class<?> type, String prefix, MappingNode mapping) {
    List<String> known =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    Map<String, NodeTuple> entries = new HashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      Place place = source.place(entry.getKeyNode());
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problems.add(
            place, "a key must be a word, not " + YamlSource.shown(entry.getKeyNode()), "");
        continue;
      }
      NodeTuple earlier = entries.putIfAbsent(key.getValue(), entry);
      if (earlier != null) {
        reportDouble(
            place, prefix + Quoting.bare(key.getValue()), source.place(earlier.getKeyNode()));
      } else if (!known.contains(key.getValue())) {
        reportUnknown(place, prefix, key.getValue(), known);
      }
    }
    return entries;
  }

  private void reportDouble(Place place, String path, Place earlier) {
    String broken = path + " is given twice, but may be given once; it already is in line ";
    problems.add(place, broken + earlier.line(), "Remove one of the two.");
  }

  private void reportUnknown(Place place, String prefix, String key, List<String> known) {
    if (problems.isFull()) {
      problems.add(place, "unknown key", "");
      return;
    }
    Optional<String> meant =
        Suggestion.nearest(key, known)
            .map(name -> prefix + name)
            .or(() -> Suggestion.ofPath(key, allKeys));
    problems.add(
        place,
        "unknown key " + prefix + Quoting.bare(key),
        meant
            .map(path -> "Did you mean " + path + "?")
            .orElse("Known here are " + String.join(", ", known) + "."));
  }

  /** The mapping of a section; null, as for a section that is not given, if it is none. */
  private @Nullable MappingNode section(String path, @Nullable NodeTuple entry) {
    if (entry == null || YamlSource.isNothing(entry.getValueNode())) {
      return null;
    }
    Place place = source.place(entry.getKeyNode());
    if (entry.getValueNode() instanceof MappingNode mapping) {
      checkTag(path, mapping, place);
      return mapping;
    }
    problems.add(
        place,
        path + " is " + YamlSource.shown(entry.getValueNode()) + ", but must be a section of keys",
        "Put its keys on lines of their own, indented below it.");
    given.refuse(path);
    return null;
  }

  private @Nullable Object value(KeySpec key, @Nullable NodeTuple entry) {
    Overrides.Setting override = overrides.of(key);
    if (override != null) {
      return override.value().isEmpty()
          ? key.defaultValue()
          : read(key, override.value(), override.place());
    }
    if (entry == null) {
      return key.defaultValue();
    }
    return read(key, entry.getValueNode(), source.place(entry.getKeyNode()));
  }

  private @Nullable Object read(KeySpec key, Node node, Place place) {
    if (YamlSource.isNothing(node)) {
      String text = key.defaultText();
      return text == null
          ? null
          : refuse(key, place, "nothing", "Remove the key for its default, " + text + ".");
    }
    if (!(node instanceof ScalarNode scalar)) {
      return refuse(key, place, YamlSource.shown(node), "");
    }
    checkTag(key.path(), scalar, place);
    if (key.type().isPlain() && !scalar.isPlain()) {
      return refuse(key, place, "a text in quotes", "Write it without quotes.");
    }
    return read(key, scalar.getValue(), place);
  }

  private @Nullable Object read(KeySpec key, String text, Place place) {
    try {
      Object value = key.read(text);
      given.accept(key.path(), place);
      return value;
    } catch (IllegalArgumentException e) {
      String meant =
          Suggestion.nearest(text, key.choices()).map(m -> "Did you mean " + m + "?").orElse("");
      return refuse(key, place, Quoting.shown(text), meant);
    }
  }

  /** Goes on with the default. */
  private @Nullable Object refuse(KeySpec key, Place place, String is, String remedy) {
    problems.add(place, key.path() + " is " + is + ", but must be " + key.allowed(), remedy);
    given.refuse(key.path());
    return key.defaultValue();
  }

  private void checkTag(String path, Node node, Place place) {
    if (!STANDARD_TAGS.contains(node.getTag())) {
      problems.add(
          place,
          path
              + " has the tag "
              + Quoting.shown(node.getTag().getValue())
              + ", but tags mean nothing here",
          "Remove the tag.");
    }
  }
}
