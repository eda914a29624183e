package dev.weir.data;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * An {@code <example>} of a LanguageTool rule.
 *
 * <p>LanguageTool's format: an example with a {@code correction}, or of type "incorrect", shows the
 * error; one of type "triggers_error" is a correct sentence on which the rule wrongly raises an
 * alarm; every other shows correct use. {@code <marker>} within it encloses the place that the rule
 * points at.
 *
 * @param text runs of white space made into one space, none at the ends
 * @param rule identifier of the rule group, or of the rule where it is in none
 * @param correct whether the sentence has no error
 */
record RuleExample(String text, String rule, boolean correct) {
  private static final Pattern WHITE_SPACE = Pattern.compile("(?U)\\s+");

  /** All examples in a rule file, in order; leaves {@code in} open. */
  static List<RuleExample> readAll(InputStream in) throws XMLStreamException {
    return new Reader(boundedFactory().createXMLStreamReader(in)).readAll();
  }

  /**
   * Rule files define entities of their own and use them a few thousand times; the limits leave
   * room for that, also where a Java platform's defaults are tighter, and for no more.
   */
  private static XMLInputFactory boundedFactory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("a rule file refers to " + systemId);
        });
    factory.setProperty("jdk.xml.entityExpansionLimit", "20000");
    factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "200000");
    factory.setProperty("jdk.xml.totalEntitySizeLimit", "50000000");
    return factory;
  }

  /** Walks through a rule file. */
  private static final class Reader {
    private final XMLStreamReader xml;
    private final List<RuleExample> examples = new ArrayList<>();
    private @Nullable String group;
    private @Nullable String rule;

    Reader(XMLStreamReader xml) {
      this.xml = xml;
    }

    List<RuleExample> readAll() throws XMLStreamException {
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          start(xml.getLocalName());
        } else if (event == XMLStreamConstants.END_ELEMENT
            && xml.getLocalName().equals("rulegroup")) {
          group = null;
        }
      }
      return examples;
    }

    private void start(String element) throws XMLStreamException {
      switch (element) {
        case "rulegroup" -> group = xml.getAttributeValue(null, "id");
        case "rule" -> rule = group != null ? group : xml.getAttributeValue(null, "id");
        case "example" -> example();
        default -> {}
      }
    }

    private void example() throws XMLStreamException {
      // An antipattern may stand in the group itself, before its first rule.
      String owner = Objects.requireNonNull(group != null ? group : rule, "example in no rule");
      boolean incorrect =
          xml.getAttributeValue(null, "correction") != null
              || "incorrect".equals(xml.getAttributeValue(null, "type"));
      String text = WHITE_SPACE.matcher(text()).replaceAll(" ").strip();
      if (!text.isEmpty()) {
        examples.add(new RuleExample(text, owner, !incorrect));
      }
    }

    /** The text up to the end of the example, without the markers' tags. */
    private String text() throws XMLStreamException {
      StringBuilder text = new StringBuilder();
      for (int depth = 1; depth > 0; ) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          depth++;
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          depth--;
        } else if (event == XMLStreamConstants.CHARACTERS) {
          text.append(xml.getText());
        }
      }
      return text.toString();
    }
  }
}
