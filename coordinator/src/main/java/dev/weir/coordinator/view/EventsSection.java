package dev.weir.coordinator.view;

import dev.weir.coordinator.view.Snapshot.Happening;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** What happened, latest first. */
final class EventsSection {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  private final List<Happening> events;

  EventsSection(List<Happening> events) {
    this.events = events;
  }

  String html() {
    if (events.isEmpty()) {
      return "<p class=\"quiet\">Nothing yet.</p>";
    }
    StringBuilder html = new StringBuilder("<ol class=\"events\">");
    for (Happening event : events) {
      html.append(
          Text.format(
              "<li class=\"%s\"><time datetime=\"%s\">%s</time> <span>%s</span></li>",
              event.fault() ? "fault" : "note",
              event.when(),
              TIME.format(event.when()),
              Text.escape(event.text())));
    }
    return html.append("</ol>").toString();
  }
}
