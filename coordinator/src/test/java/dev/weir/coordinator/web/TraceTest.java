package dev.weir.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class TraceTest {
  private final AtomicLong clock = new AtomicLong(1_000);
  private final Trace trace = new Trace(clock::get);

  private List<JsonNode> events() throws IOException {
    JsonNode root = new ObjectMapper().readTree(trace.json());
    return StreamSupport.stream(root.get("traceEvents").spliterator(), false).toList();
  }

  @Test
  void hasARowForEachWorkerAndOneForTheSteps() throws IOException {
    Sample.tell(trace);
    List<String> rows = new ArrayList<>();
    for (JsonNode event : events()) {
      if (event.get("ph").asText().equals("M")) {
        rows.add(event.get("args").get("name").asText());
      }
    }
    assertThat(rows).containsExactly("steps", "<b>fast</b> (worker 1)", "slow (worker 2)");
  }

  @Test
  void placesPhasesBeforeAndAfterTheContribution() throws IOException {
    trace.joined(1, "one");
    clock.addAndGet(100_000_000);
    trace.computed(1, 0, Sample.shards(0, 2), Sample.times(1));
    clock.addAndGet(50_000_000);
    trace.computed(1, 1, Sample.shards(0), Sample.times(1));
    List<String> spans = new ArrayList<>();
    for (JsonNode event : events()) {
      if (event.get("ph").asText().equals("X") && event.get("args").get("step").asInt() == 0) {
        spans.add(
            "%s %.0f+%.0f %s"
                .formatted(
                    event.get("name").asText(),
                    event.get("ts").asDouble(),
                    event.get("dur").asDouble(),
                    event.get("args").get("shards").asText()));
      }
    }
    assertThat(spans)
        .containsExactly(
            "compute 91000+8000 {0, 2}",
            "gather 99000+1000 {0, 2}",
            "all-reduce 100000+2000 {0, 2}",
            "waiting 102000+3000 {0, 2}",
            "update 105000+500 {0, 2}");
  }

  @Test
  void keepsOnlyTheLastSpans() throws IOException {
    for (int step = 0; step < 5000; step++) {
      trace.step(Sample.record(step, 1));
    }
    assertThat(events()).hasSize(4097);
    assertThat(events().get(1).get("name").asText()).isEqualTo("step 904");
  }
}
