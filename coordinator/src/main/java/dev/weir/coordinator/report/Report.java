package dev.weir.coordinator.report;

import dev.weir.coordinator.view.Resources;
import dev.weir.coordinator.view.RunPage;
import dev.weir.coordinator.view.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The page that a run leaves: {@code report.html}, which needs no other file, and its pictures in
 * {@code pictures}, as SVG.
 */
public final class Report {
  private Report() {}

  /**
   * Writes it.
   *
   * @param folder of the run; holds {@code summary.json}
   */
  public static void write(Path folder, Snapshot run) {
    RunPage page = new RunPage(run);
    try {
      Path pictures = Files.createDirectories(folder.resolve("pictures"));
      for (Map.Entry<String, String> picture : page.pictures().entrySet()) {
        Files.writeString(
            pictures.resolve(picture.getKey() + ".svg"), standalone(picture.getValue()));
      }
      Files.writeString(
          folder.resolve("report.html"),
          page.html(
              "<style>\n" + Resources.text("weir.css") + "</style>",
              SummaryTables.html(folder.resolve("summary.json"))));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the report in " + folder, e);
    }
  }

  /** A picture of the page as a file of its own: it brings the page's style. */
  private static String standalone(String svg) {
    int end = svg.indexOf('>');
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + svg.substring(0, end).replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ")
        + "><style>svg { font-family: Inter, system-ui, sans-serif; background: var(--card); }\n"
        + Resources.text("weir.css")
        + "</style>"
        + svg.substring(end + 1)
        + "\n";
  }
}
