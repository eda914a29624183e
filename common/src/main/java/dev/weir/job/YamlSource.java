package dev.weir.job;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A text of YAML and where it comes from. It is only ever composed into nodes, never into objects:
 * tags have no effect, and aliases are not expanded.
 */
record YamlSource(String text, String origin) {

  Place place(Node node) {
    return new Place(origin, node.getStartMark().getLine() + 1);
  }

  /** The mapping at the top; null, with a problem more, if there is none. */
  @Nullable MappingNode mapping(Problems problems) {
    Node root;
    try {
      root = compose();
    } catch (YAMLException | NumberFormatException e) {
      problems.add(placeOf(e), "not valid YAML: " + reason(e), "Check indents and quotes there.");
      return null;
    }
    if (root == null || isNothing(root)) {
      problems.add(Place.of(origin), "is empty", "Start from a copy of jobs/minilm-grammar.yaml.");
    } else if (root instanceof MappingNode mapping) {
      return mapping;
    } else {
      problems.add(
          place(root),
          "is " + shown(root) + ", but must be a mapping of keys to values",
          "Start from a copy of jobs/minilm-grammar.yaml.");
    }
    return null;
  }

  private @Nullable Node compose() {
    LoaderOptions options = new LoaderOptions();
    options.setTagInspector(tag -> true); // the binder reports them, and nothing constructs them
    var parser = new ParserImpl(new StreamReader(text), options);
    return new Composer(parser, new Resolver(), options).getSingleNode();
  }

  /** Whether it is a plain scalar that YAML reads as null. */
  static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && scalar.getTag().equals(Tag.NULL);
  }

  /** What was given instead of something else, for a message. */
  static String shown(Node node) {
    return switch (node.getNodeId()) {
      case scalar -> Quoting.shown(((ScalarNode) node).getValue());
      case sequence -> "a list";
      default -> "a mapping";
    };
  }

  private Place placeOf(RuntimeException e) {
    if (e instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      return new Place(origin, marked.getProblemMark().getLine() + 1);
    }
    if (e instanceof ReaderException reader) {
      int end = text.offsetByCodePoints(0, reader.getPosition());
      return new Place(
          origin, 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count());
    }
    return Place.of(origin);
  }

  private static String reason(RuntimeException e) {
    if (e instanceof MarkedYAMLException marked) {
      String context = marked.getContext() == null ? "" : marked.getContext() + ", ";
      return Quoting.line(context + marked.getProblem());
    }
    if (e instanceof ReaderException reader) {
      return String.format("the character U+%04X is not allowed", reader.getCodePoint());
    }
    if (e instanceof NumberFormatException) { // SnakeYAML, at the end of the text
      return "an escape in a quoted text breaks off";
    }
    return Quoting.line(String.valueOf(e.getMessage()));
  }
}
