package dev.weir.bench.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.machine.Link;
import dev.weir.problem.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private static final Link LINK = Link.parse("1gbit-20ms");

  @Test
  void linksAreNamedByRateAndRoundTrip() {
    assertThat(LINK).isEqualTo(new Link("1gbit-20ms", 1000, 20));
    assertThat(Link.parse("unshaped").isShaped()).isFalse();
    assertThatThrownBy(() -> Link.parse("fast"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("100mbit, 1gbit, 1gbit-20ms, or unshaped");
  }

  @Test
  void theTurnOfMedianSpeedCountsAndItsRangeIsTold() {
    ResultTable table = new ResultTable(32);
    ResultTable.Group group = table.begin(LINK, new LinkCheck(950, 20.1), 2);
    group
        .turns()
        .put(
            "ours",
            List.of(
                new Measurement(0.7, 9, 4e5, 0.3, 10),
                new Measurement(0.7, 2, 4e5, 0.2, 10),
                new Measurement(0.7, 5, 4e5, 0.1, 10)));

    assertThat(table.markdown())
        .contains("| ours | 5.000 (2.00 to 9.00) | 160.0 | 400.0 kB | 10 % |");
  }

  @Test
  void tableAndPictureLeaveRoomForWhoFailed(@TempDir Path folder) throws Exception {
    ResultTable table = new ResultTable(32);
    ResultTable.Group group = table.begin(LINK, new LinkCheck(950, 20.1), 2);
    group.turns().put(ResultTable.BASELINE, List.of(new Measurement(0.7, 0.4, 9e7, 0.5, 10)));
    group.turns().put("ours", List.of(new Measurement(0.7, 20, 4.5e5, 0.1, 10)));
    group.turns().put("theirs", List.of());

    assertThat(table.markdown())
        .contains("| ours | 20.000 | 640.0 | 450.0 kB | 10 % | 50.00× |", "| theirs | failed |");
    ResultPicture.write(table, folder);
    assertThat(Files.size(folder.resolve("throughput.png"))).isGreaterThan(1000);
    assertThat(Files.readString(folder.resolve("throughput.svg"))).contains("<svg");
  }
}
