package dev.weir.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any job survives being written; any text gives a job or a message. */
class JobFileProperties {
  private static final String PIECES = "\n\t :-uU#[]{}&*!|>'\"%@`,?~<=\\x0.e\u00e4\ufeff\ud83d";

  @Property(tries = 300)
  void jobReadsBackAsItWasWritten(@ForAll("jobs") Job job) {
    Job read = JobFile.parse(job.toYaml(), "test");

    assertThat(read).isEqualTo(job);
    assertThat(read.toYaml()).isEqualTo(job.toYaml());
    assertThat(read.digest()).isEqualTo(job.digest());
  }

  @Property(tries = 1000)
  void shortestDecimalReadsBackToTheSameBits(@ForAll double value) {
    String text = Decimals.shortest(value);

    assertThat(Double.parseDouble(text)).isEqualTo(value + 0.0);
    assertThat(text.length()).isLessThanOrEqualTo(Double.toString(value).length() + 3);
  }

  @Property(tries = 1000)
  void arbitraryTextGivesAJobOrAMessage(@ForAll String text) {
    assertHandled(text, List.of());
  }

  @Property(tries = 1000)
  void arbitraryYamlSyntaxGivesAJobOrAMessage(@ForAll("syntax") String text) {
    assertHandled(text, List.of());
  }

  @Property(tries = 1000)
  void mutatedJobGivesAJobOrAMessage(
      @ForAll("mutations") List<Mutation> mutations, @ForAll("overrides") List<String> overrides)
      throws IOException {
    StringBuilder text =
        new StringBuilder(Files.readString(Path.of("../jobs/minilm-grammar.yaml")));
    mutations.forEach(mutation -> mutation.apply(text));
    assertHandled(text.toString(), overrides);
  }

  private static void assertHandled(String text, List<String> overrides) {
    try {
      Job job = JobFile.parse(text, "test", overrides);
      assertThat(JobFile.parse(job.toYaml(), "again")).isEqualTo(job);
    } catch (UserException e) {
      assertThat(e).hasMessageMatching("(?s)(test|--set).*: .+");
    }
  }

  /** Replaces {@code length} characters at a place, as a share of the text, with others. */
  record Mutation(double place, int length, String replacement) {
    void apply(StringBuilder text) {
      int from = (int) (place * text.length());
      text.replace(from, Math.min(text.length(), from + length), replacement);
    }
  }

  @Provide
  Arbitrary<String> syntax() {
    return Arbitraries.strings().withChars(PIECES).ofMaxLength(60);
  }

  @Provide
  Arbitrary<List<Mutation>> mutations() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1),
            Arbitraries.integers().between(0, 12),
            Arbitraries.strings().withChars(PIECES).ofMaxLength(4))
        .as(Mutation::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<String>> overrides() {
    Arbitrary<String> key =
        Arbitraries.of(KeySpec.of(Job.class, "")).map(spec -> spec.path() + "=");
    Arbitrary<String> value =
        Arbitraries.oneOf(
            Arbitraries.of("0", "1", "-1", "dense", "files", "", "1e-3", "true", "5s"),
            Arbitraries.strings());
    return Combinators.combine(key, value).as(String::concat).list().ofMaxSize(2);
  }

  @Provide
  Arbitrary<Job> jobs() {
    return Combinators.combine(
            Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(64),
            Arbitraries.longs(),
            Combinators.combine(texts(), whole(0, 1000), whole(3, 8192)).as(ModelSection::new),
            data(),
            method(),
            training(),
            communication())
        .as(Job::new);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.strings()
        .ofMinLength(1)
        .ofMaxLength(20)
        .filter(text -> !text.isBlank() && text.indexOf('\0') < 0);
  }

  private static Arbitrary<Integer> whole(int from, int to) {
    return Arbitraries.integers().between(from, to);
  }

  private static Arbitrary<Double> real(double from, double to) {
    return Arbitraries.doubles().between(from, true, to, false).ofScale(12).map(x -> x + 0.0);
  }

  private static Arbitrary<DataSection> data() {
    Arbitrary<DataSection> files =
        Combinators.combine(texts(), texts().injectNull(0.3), texts(), texts(), real(1e-12, 1))
            .as(
                (train, held, text, label, share) ->
                    new DataSection(DataSection.FILES, train, held, text, label, share));
    Arbitrary<DataSection> bundled =
        real(1e-12, 1)
            .map(share -> new DataSection(DataSection.BUNDLED, null, null, "text", "label", share));
    return Arbitraries.oneOf(files, bundled);
  }

  private static Arbitrary<MethodSection> method() {
    return Combinators.combine(
            Arbitraries.of(MethodName.class),
            real(1e-12, 1),
            whole(1, 1_000_000_000),
            Arbitraries.of(Fisher.class),
            whole(1, 1024))
        .as(MethodSection::new);
  }

  private static Arbitrary<TrainingSection> training() {
    Arbitrary<OptimizerSection> optimizer =
        Combinators.combine(
                Arbitraries.of(OptimizerName.class),
                real(1e-12, 1e12),
                real(0, 1e300),
                real(0, 1),
                real(0, 1),
                real(1e-12, 1),
                real(0, 1),
                Arbitraries.of(true, false))
            .as(OptimizerSection::new);
    Arbitrary<ScheduleSection> schedule =
        Combinators.combine(Arbitraries.of(ScheduleShape.class), real(0, 1))
            .as(ScheduleSection::new);
    return Combinators.combine(
            whole(1, 1_000_000_000),
            whole(100, 65536),
            whole(1, 100),
            whole(1, 1024),
            optimizer,
            schedule,
            real(0, 1e12),
            whole(0, 1_000_000_000).list().ofSize(3)) // Eight is as many as can be combined.
        .as(
            (steps, batchSize, shards, threads, rule, rate, clipNorm, counts) ->
                new TrainingSection(
                    steps,
                    batchSize,
                    shards,
                    threads,
                    rule,
                    rate,
                    clipNorm,
                    counts.get(0),
                    counts.get(1),
                    counts.get(2)));
  }

  /** What no key of the outer step gives. */
  private static final OuterSection OUTER = new OuterSection(Combination.MEAN, 0.7, 0.9);

  private static Arbitrary<OuterSection> outer() {
    return Arbitraries.oneOf(
        Arbitraries.of(OUTER, new OuterSection(Combination.SUM, 0.7, 0.9)),
        Combinators.combine(real(1e-12, 1e12), real(0, 1))
            .as((rate, momentum) -> new OuterSection(Combination.NESTEROV, rate, momentum)));
  }

  private static Arbitrary<CommunicationSection> communication() {
    return Combinators.combine(
            Arbitraries.of(Topology.class),
            Arbitraries.of(Precision.class),
            Arbitraries.oneOf(Arbitraries.of(1), whole(1, 1_000_000)),
            outer(),
            whole(64, 500_000),
            Arbitraries.longs().between(100, 3_600_000).map(Duration::ofMillis),
            whole(1, 65536))
        .as(CommunicationSection::new)
        .filter(c -> c.everySteps() > 1 || c.outer().equals(OUTER));
  }
}
