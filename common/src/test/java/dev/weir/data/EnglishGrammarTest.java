package dev.weir.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnglishGrammarTest {
  private static Dataset dataset;

  @BeforeAll
  static void load() {
    dataset = new EnglishGrammar(0.1).load();
  }

  @Test
  void holdsTheSentencesOfTheJar() {
    assertThat(dataset.classes()).containsExactly("unacceptable", "acceptable");
    assertThat(dataset.train()).hasSize(21310);
    assertThat(dataset.heldOut()).hasSize(2104);
    assertThat(dataset.size()).isEqualTo(23414);
    // Pinned: other data would make results incomparable with those of earlier releases.
    assertThat(dataset.digest())
        .isEqualTo("b03b204c02ef687549f7520952b320c479acc26f6a5484ef4460a49debc86c02");
  }

  @Test
  void summaryTellsTheBalanceOfTheClasses() {
    assertThat(dataset.summary())
        .isEqualTo(
            "21310 training examples (unacceptable 41.3 %, acceptable 58.7 %), "
                + "2104 held out (unacceptable 39.1 %, acceptable 60.9 %)");
  }

  @Test
  void aFractionThatHoldsNothingOutIsRefused() {
    assertThatThrownBy(() -> new EnglishGrammar(1e-9).load())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("fraction of 1.0E-9, 0 sentences are held out and 23414 are left");
  }

  @Test
  void knowsCorrectFromIncorrect() {
    assertThat(labelOf("Its nice.")).isZero();
    assertThat(labelOf("Is your well suitable for controlled pressure drilling?")).isOne();
  }

  @Test
  void noSentenceIsThereTwice() {
    Set<String> texts = new HashSet<>();
    assertThat(all()).allMatch(example -> texts.add(example.text()));
  }

  @Test
  void noRuleIsOnBothSides() {
    assertThat(groups(dataset.heldOut())).doesNotContainAnyElementsOf(groups(dataset.train()));
  }

  @Test
  void textsAreOneLineWithoutMarkup() {
    assertThat(all())
        .allMatch(example -> !example.text().matches("(?s).*(\\s\\s|\\n|</?marker>).*"))
        .allMatch(example -> example.text().equals(example.text().strip()));
  }

  @Test
  void readsTheKindsOfExamples() throws XMLStreamException {
    assertThat(
            read(
                """
                <!DOCTYPE rules [<!ENTITY who "it's">]>
                <rules><category id="C">
                  <rule id="ONE">
                    <example correction="is">That <marker>are</marker>
                      bad.</example>
                    <example>That is &who; &amp; good.</example>
                    <example type="triggers_error">Fine<!-- really -->.</example>
                  </rule>
                  <rulegroup id="GROUP">
                    <antipattern><example>In no rule.</example></antipattern>
                    <rule><example type="incorrect">Bad.</example></rule>
                  </rulegroup>
                </category></rules>"""))
        .containsExactly(
            new RuleExample("That are bad.", "ONE", false),
            new RuleExample("That is it's & good.", "ONE", true),
            new RuleExample("Fine.", "ONE", true),
            new RuleExample("In no rule.", "GROUP", true),
            new RuleExample("Bad.", "GROUP", false));
  }

  @Test
  void readsNothingFromOutside(@TempDir Path directory) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    assertThat(
            read(
                """
                <!DOCTYPE rules [<!ENTITY x SYSTEM "%s">]>
                <rules><rule id="A"><example>&x; it</example></rule></rules>"""
                    .formatted(secret.toUri())))
        .containsExactly(new RuleExample("it", "A", true));
    assertThatThrownBy(
            () ->
                read(
                    """
                    <!DOCTYPE rules SYSTEM "%s">
                    <rules><rule id="A"><example>it</example></rule></rules>"""
                        .formatted(secret.toUri())))
        .isInstanceOf(XMLStreamException.class)
        .hasMessageContaining("refers to");
  }

  @Test
  void refusesEntitiesThatGrowWithoutBound() {
    StringBuilder xml = new StringBuilder("<!DOCTYPE rules [<!ENTITY e0 \"0123456789\">");
    for (int i = 1; i < 9; i++) {
      xml.append("<!ENTITY e%d \"%s\">".formatted(i, ("&e" + (i - 1) + ";").repeat(10)));
    }
    xml.append("]><rules><rule id=\"A\"><example>&e8;</example></rule></rules>");
    assertThatThrownBy(() -> read(xml.toString())).isInstanceOf(XMLStreamException.class);
  }

  private static List<RuleExample> read(String xml) throws XMLStreamException {
    return RuleExample.readAll(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static int labelOf(String text) {
    return all().filter(e -> e.text().equals(text)).findFirst().orElseThrow().label();
  }

  private static Stream<Example> all() {
    return Stream.concat(dataset.train().stream(), dataset.heldOut().stream());
  }

  private static Set<String> groups(List<Example> examples) {
    return examples.stream().map(Example::group).collect(Collectors.toSet());
  }
}
