package dev.weir.data;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.stream.XMLStreamException;

/**
 * The bundled task: is an English sentence acceptable? About 23,400 example sentences of
 * LanguageTool's grammar and style rules, read from its jar on the class path. Comparable to CoLA.
 *
 * <p>A sentence is unacceptable (label 0) where it shows an error that the rule finds, and
 * acceptable (label 1) where it shows correct use, including those on which the rule is known to
 * raise a false alarm. Each distinct sentence is there once; one that is shown as both is left out.
 * Its group is its rule, or the rule's group; where several rules show it, the first in
 * alphabetical order. Sentences are in alphabetical order.
 *
 * <p>Rules are held out whole, so that evaluation is about kinds of mistakes never trained on.
 *
 * @param heldOutFraction share of the rules that is held out, between 0 and 1
 */
public record EnglishGrammar(double heldOutFraction) implements DataSource {
  private static final List<String> CLASSES = List.of("unacceptable", "acceptable");
  private static final List<String> RESOURCES =
      List.of("/org/languagetool/rules/en/grammar.xml", "/org/languagetool/rules/en/style.xml");

  @Override
  public Dataset load() {
    List<Example> train = new ArrayList<>();
    List<Example> heldOut = new ArrayList<>();
    for (Example example : distinctExamples()) {
      (HashSplit.isHeldOut(example.group(), heldOutFraction) ? heldOut : train).add(example);
    }
    if (train.isEmpty() || heldOut.isEmpty()) {
      throw new UserException(
          "english-grammar",
          "with a held-out fraction of %s, %d sentences are held out and %d are left to train on"
              .formatted(heldOutFraction, heldOut.size(), train.size()),
          "Choose a fraction such as 0.1, so that both parts have sentences.");
    }
    return new Dataset(CLASSES, train, heldOut);
  }

  private static List<Example> distinctExamples() {
    var usesByText = new TreeMap<String, TreeSet<Use>>();
    for (String resource : RESOURCES) {
      for (RuleExample example : read(resource)) {
        usesByText
            .computeIfAbsent(example.text(), text -> new TreeSet<>())
            .add(new Use(example.rule(), example.correct()));
      }
    }
    List<Example> examples = new ArrayList<>();
    usesByText.forEach(
        (text, uses) -> {
          if (uses.stream().map(Use::correct).distinct().count() == 1) {
            Use use = uses.first();
            examples.add(new Example(text, use.correct() ? 1 : 0, use.rule()));
          }
        });
    return examples;
  }

  private static List<RuleExample> read(String resource) {
    try (InputStream in = EnglishGrammar.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " of org.languagetool:language-en is missing");
      }
      return RuleExample.readAll(in);
    } catch (XMLStreamException e) {
      throw new IllegalStateException(resource + " is not well-formed", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That a rule shows a sentence, as correct or not. */
  private record Use(String rule, boolean correct) implements Comparable<Use> {
    @Override
    public int compareTo(Use other) {
      int byRule = rule.compareTo(other.rule);
      return byRule != 0 ? byRule : Boolean.compare(correct, other.correct);
    }
  }
}
