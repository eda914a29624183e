package dev.weir.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.view.RunWatch;
import dev.weir.coordinator.web.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir private Path folder;

  private void write() throws IOException {
    RunWatch watch = new RunWatch("name: small\n");
    Sample.tell(watch);
    watch.evaluated(Scored.of(20, Sample.evaluation(9, 1)));
    watch.end("all steps are done");
    Files.writeString(
        folder.resolve("summary.json"),
        "{\"stateDigest\":\"abc\",\"wire\":{\"sentBytes\":2000},\"seconds\":{\"mask\":1.25}}");
    Report.write(folder, watch.snapshot());
  }

  @Test
  void needsNoOtherFile() throws IOException {
    write();
    assertThat(Files.readString(folder.resolve("report.html")))
        .doesNotContain("<script")
        .doesNotContain("<link")
        .doesNotContain("{{")
        .doesNotContainPattern("(src|href)=\"(?!data:|#)");
  }

  @Test
  void holdsTheFiguresOfTheSummary() throws IOException {
    write();
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("<tr><td>state digest</td><td>abc</td></tr>")
        .contains("<tr><td>sent bytes</td><td>2.0 kB</td></tr>")
        .contains("<tr><td>mask</td><td>1.25 s</td></tr>")
        .contains("90.0 %");
  }

  @Test
  void leavesItsPicturesAsFilesThatStandAlone() throws Exception {
    write();
    for (String name : new String[] {"loss", "throughput", "evaluation", "mask"}) {
      Path file = folder.resolve("pictures").resolve(name + ".svg");
      String root =
          DocumentBuilderFactory.newDefaultNSInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement()
              .getNamespaceURI();
      assertThat(root).isEqualTo("http://www.w3.org/2000/svg");
    }
  }
}
