package dev.weir.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledFilesTest {
  @TempDir Path directory;
  private Path held;

  @BeforeEach
  void writeHeldOutFile() throws IOException {
    held = write("held.tsv", "text\tlabel\nmaybe\tgood\n");
  }

  @Test
  void readsCsvWithQuotesAndLineEndsInThem() throws IOException {
    Path train =
        write("a.csv", "id,label,text\r\n1,good,\"one, \"\"two\"\"\r\nthree\"\r\n\r\n2,bad,four");
    Dataset dataset = load(train);
    assertThat(dataset.classes()).containsExactly("bad", "good");
    assertThat(texts(dataset)).containsExactly("one, \"two\"\r\nthree", "four");
    assertThat(labels(dataset)).containsExactly(1, 0);
  }

  @Test
  void readsTsvWithQuotesAsCharacters() throws IOException {
    Path train = write("a.tsv", "text\tlabel\n\"so he said\tgood\nit's 5\"\tbad\n");
    assertThat(texts(load(train))).containsExactly("\"so he said", "it's 5\"");
  }

  @Test
  void readsJsonLinesWithAnyScalarAsLabel() throws IOException {
    Path train =
        write(
            "a.jsonl",
            """
            {"text": "a\\tb", "label": 1, "more": [1]}

            {"label": true, "text": "ü"}
            {"label": "good", "text": "c"}
            """);
    Dataset dataset = load(train);
    assertThat(dataset.classes()).containsExactly("1", "good", "true");
    assertThat(texts(dataset)).containsExactly("a\tb", "ü", "c");
    assertThat(labels(dataset)).containsExactly(0, 2, 1);
  }

  @Test
  void skipsAByteOrderMark() throws IOException {
    Path train = write("a.tsv", "\uFEFFtext\tlabel\none\tgood\ntwo\tbad\n");
    assertThat(texts(load(train))).containsExactly("one", "two");
  }

  @Test
  void theSplitDependsOnTheTextsAlone() throws IOException {
    List<String> rows =
        IntStream.range(0, 1000).mapToObj(i -> "text %d\t%d".formatted(i % 900, i % 3)).toList();
    List<String> reversed = IntStream.range(0, 1000).mapToObj(i -> rows.get(999 - i)).toList();
    Dataset dataset = splitOf("a.tsv", rows);
    Dataset other = splitOf("b.tsv", reversed);
    assertThat(dataset.heldOut()).hasSizeBetween(150, 250);
    assertThat(dataset.heldOut()).containsExactlyInAnyOrderElementsOf(other.heldOut());
    assertThat(texts(dataset))
        .doesNotContainAnyElementsOf(dataset.heldOut().stream().map(Example::text).toList());
  }

  @Test
  void theDigestIsOfTextsLabelsClassesAndSplit() throws IOException {
    String digest = load(write("a.tsv", "text\tlabel\none\tgood\ntwo\tbad\n")).digest();
    assertThat(digest).matches("[0-9a-f]{64}");
    assertThat(load(write("b.csv", "label,text\ngood,one\nbad,two\n")).digest()).isEqualTo(digest);
    assertThat(
            Stream.of(
                    "text\tlabel\none\tbad\ntwo\tgood\n",
                    "text\tlabel\none\tgood\ntwo!\tbad\n",
                    "text\tlabel\ntwo\tbad\none\tgood\n",
                    "text\tlabel\none\tgood\ntwo\tawful\n")
                .map(content -> load(writeUnchecked("c.tsv", content)).digest()))
        .doesNotHaveDuplicates()
        .doesNotContain(digest);
  }

  @Test
  void aMissingFileIsNamedWithItsFullPath() {
    assertFails(directory.resolve("no.csv"))
        .hasMessageContaining("no.csv: there is no such file; it was looked for at /")
        .hasMessageContaining("Correct the path");
  }

  @Test
  void aDirectoryIsNotAFile() throws IOException {
    assertFails(Files.createDirectory(directory.resolve("d.csv")))
        .hasMessageContaining("this is a directory");
  }

  @Test
  void anUnknownExtensionIsRefused() throws IOException {
    assertFails(write("a.txt", "one\ttwo"))
        .hasMessageContaining("a.txt: ")
        .hasMessageContaining(".tsv, .csv and .jsonl are known");
  }

  @ParameterizedTest
  @CsvSource({"a.tsv", "a.csv", "a.jsonl"})
  void anEmptyFileIsRefused(String name) throws IOException {
    assertFails(write(name, "\n \n")).hasMessageContaining(name + ": the file is empty");
  }

  @Test
  void aFileWithAHeaderAloneIsRefused() throws IOException {
    assertFails(write("a.tsv", "text\tlabel\n"))
        .hasMessageContaining("there is no row to train on");
  }

  @Test
  void aMissingColumnIsNamedWithThoseFound() throws IOException {
    assertFails(write("a.tsv", "sentence\tlabel\na\tb\n"))
        .hasMessageContaining("a.tsv:1: there is no column \"text\"; there are: sentence, label");
    assertFails(write("a.jsonl", "{\"sentence\": 1, \"label\": 2}\n"))
        .hasMessageContaining("a.jsonl:1: there is no column \"text\"; there are: sentence, label");
  }

  @Test
  void aColumnNamedTwiceIsRefused() throws IOException {
    assertFails(write("a.csv", "text,label,text\na,b,c\n"))
        .hasMessageContaining("a.csv:1: two columns are named \"text\"");
  }

  @Test
  void allProblemsOfTheRowsAreReportedAtOnceWithTheirLines() throws IOException {
    Path train =
        write("a.csv", "text,label\n\"two\nlines\",good\n ,bad\n\nx,y,z\nok,bad\nno label,\n");
    Path heldOut = write("b.jsonl", "{\"text\": \"x\", \"label\": \"good\"}\n[1]\n{oops\n");
    assertThatThrownBy(() -> new LabelledFiles(train, heldOut, "text", "label", 0).load())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("a.csv:4: \"text\" is empty")
        .hasMessageContaining("a.csv:6: the row has 3 columns, but the first has 2: text, label")
        .hasMessageContaining("a.csv:8: \"label\" is empty")
        .hasMessageContaining("b.jsonl:2: the line is a JSON array, but must be an object")
        .hasMessageContaining("b.jsonl:3: the line is not JSON: ")
        .message()
        .doesNotContain("more");
  }

  @Test
  void noMoreThanTenProblemsAreShown() throws IOException {
    assertFails(write("a.tsv", "text\tlabel\n" + "\tbad\n".repeat(25)))
        .hasMessageContaining("a.tsv:11: ")
        .hasMessageEndingWith("… and 15 more")
        .message()
        .doesNotContain("a.tsv:12: ");
  }

  @Test
  void anUnclosedQuoteIsReportedWhereItsRowBegins() throws IOException {
    assertFails(write("a.csv", "text,label\none,good\n\"two,bad\nthree,bad\n"))
        .hasMessageContaining("a.csv:3: the row cannot be read: ");
  }

  @ParameterizedTest
  @CsvSource({"null", "'[1]'", "7"})
  void aJsonTextMustBeAString(String value) throws IOException {
    assertFails(write("a.jsonl", "{\"text\": %s, \"label\": 1}".formatted(value)))
        .hasMessageContaining("a.jsonl:1: \"text\" is %s, but must be a string".formatted(value));
  }

  @Test
  void aJsonFieldMustNotBeThereTwice() throws IOException {
    assertFails(write("a.jsonl", "{\"text\": \"a\", \"text\": \"b\", \"label\": 1}"))
        .hasMessageContaining("a.jsonl:1: the line is not JSON: Duplicate field 'text'");
  }

  @Test
  void oneClassAloneIsRefused() throws IOException {
    assertFails(write("a.tsv", "text\tlabel\none\tgood\ntwo\tgood\n"))
        .hasMessageContaining("all 2 rows to train on have the label \"good\"");
  }

  @Test
  void aHeldOutLabelThatIsNotTrainedOnIsRefused() throws IOException {
    held = write("held.tsv", "text\tlabel\na\tgood\nb\tugly\n");
    assertFails(write("a.tsv", "text\tlabel\none\tgood\ntwo\tbad\n"))
        .hasMessageContaining("held.tsv:3: the held-out label \"ugly\"")
        .hasMessageContaining("bad, good");
  }

  @Test
  void ofManyClassesAFewAreShown() throws IOException {
    Path train =
        write(
            "a.tsv",
            IntStream.range(10, 40)
                .mapToObj(i -> "text %d\tclass %d".formatted(i, i))
                .collect(Collectors.joining("\n", "text\tlabel\n", "")));
    assertFails(train).hasMessageContaining("class 18, class 19, … (30)");
    held = write("held.tsv", "text\tlabel\na\tclass 10\n");
    assertThat(load(train).summary())
        .isEqualTo("30 training examples (30 classes), 1 held out (30 classes)");
  }

  @Test
  void anotherEncodingIsReportedWithItsLine() throws IOException {
    Path latin1 =
        write("a.tsv", "text\tlabel\none\tgood\nzwölf\tbad\n", StandardCharsets.ISO_8859_1);
    assertFails(latin1).hasMessageContaining("a.tsv:3: byte 0xF6 is not UTF-8");
    Path utf16 = write("b.tsv", "text\tlabel\none\tgood\n", StandardCharsets.UTF_16);
    assertFails(utf16).hasMessageContaining("b.tsv:1: byte 0xFE is not UTF-8");
    Path cut = write("c.tsv", "text\tlabel\n\u00C3", StandardCharsets.ISO_8859_1);
    assertFails(cut).hasMessageContaining("c.tsv:2: byte 0xC3 is not UTF-8");
  }

  @Test
  void aHeldOutFractionOutsideItsRangeIsRefused() throws IOException {
    Path train = write("a.tsv", "text\tlabel\none\tgood\ntwo\tbad\n");
    assertThatThrownBy(() -> new LabelledFiles(train, null, "text", "label", 1.0).load())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("the held-out fraction is 1.0, but must be between 0 and 1");
  }

  @Test
  void aSplitThatLeavesAPartEmptyIsRefused() throws IOException {
    Path train = write("a.tsv", "text\tlabel\none\tgood\ntwo\tbad\n");
    assertThatThrownBy(() -> new LabelledFiles(train, null, "text", "label", 1e-9).load())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there is no row held out");
  }

  private Dataset splitOf(String name, List<String> rows) throws IOException {
    Path file = write(name, rows.stream().collect(Collectors.joining("\n", "text\tlabel\n", "\n")));
    return new LabelledFiles(file, null, "text", "label", 0.2).load();
  }

  private AbstractThrowableAssert<?, ?> assertFails(Path train) {
    return assertThatThrownBy(() -> load(train)).isInstanceOf(UserException.class);
  }

  private Dataset load(Path train) {
    return new LabelledFiles(train, held, "text", "label", 0).load();
  }

  private static List<String> texts(Dataset dataset) {
    return dataset.train().stream().map(Example::text).toList();
  }

  private static List<Integer> labels(Dataset dataset) {
    return dataset.train().stream().map(Example::label).toList();
  }

  private Path write(String name, String content) throws IOException {
    return write(name, content, StandardCharsets.UTF_8);
  }

  private Path writeUnchecked(String name, String content) {
    try {
      return write(name, content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path write(String name, String content, Charset charset) throws IOException {
    return Files.writeString(directory.resolve(name), content, charset);
  }
}
