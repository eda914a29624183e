package dev.weir.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProbeTurnsTest {
  private final EventLoop loop = new EventLoop("probe-turns-test");
  private final List<String> answered = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void streamsMeasureOneAfterTheOther() {
    ProbeTurns turns = new ProbeTurns(loop.executor(), Duration.ofHours(1));
    for (String probe : List.of("a1", "b1", "c1", "a2", "b2", "a3")) {
      turns.take(probe.substring(0, 1).intern(), () -> answered.add(probe));
    }
    assertThat(answered).containsExactly("a1", "a2", "a3");
    turns.leave("c");
    turns.leave("a");
    assertThat(answered).containsExactly("a1", "a2", "a3", "b1", "b2");
    turns.leave("b");
    turns.take("d", () -> answered.add("d1"));
    assertThat(answered).endsWith("d1").doesNotContain("c1");
  }

  @Test
  void nobodyKeepsTheOthersWaitingForever() throws Exception {
    ProbeTurns turns = new ProbeTurns(loop.executor(), Duration.ofMillis(20));
    loop.executor()
        .submit(
            () -> {
              turns.take("greedy", () -> answered.add("greedy"));
              turns.take("patient", () -> answered.add("patient"));
            })
        .get();
    Awaitility.await().until(() -> answered.size() == 2);
    assertThat(answered).containsExactly("greedy", "patient");
  }
}
