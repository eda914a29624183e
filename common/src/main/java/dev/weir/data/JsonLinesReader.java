package dev.weir.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** One JSON object per line. A label may be a string, a number or a boolean. */
final class JsonLinesReader extends RowReader {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  JsonLinesReader(Path file, String textColumn, String labelColumn, Problems problems) {
    super(file, textColumn, labelColumn, problems);
  }

  @Override
  void readAll(String content) {
    Iterator<String> lines = content.lines().iterator();
    for (long line = 1; lines.hasNext(); line++) {
      String json = lines.next();
      if (!json.isBlank()) {
        readLine(line, json);
      }
    }
  }

  private void readLine(long line, String json) {
    try {
      JsonNode row = MAPPER.readTree(json);
      if (!row.isObject()) {
        report(
            line,
            "the line is a JSON %s, but must be an object"
                .formatted(row.getNodeType().name().toLowerCase(Locale.ROOT)),
            "Write {\"%s\": …, \"%s\": …}.".formatted(textColumn(), labelColumn()));
      } else if (hasBoth(line, row)) {
        add(line, row.get(textColumn()).asText(), row.get(labelColumn()).asText());
      }
    } catch (JsonProcessingException e) {
      report(
          line,
          "the line is not JSON: " + e.getOriginalMessage(),
          "Write one JSON object per line.");
    }
  }

  private boolean hasBoth(long line, JsonNode row) {
    boolean good = true;
    for (String column : List.of(textColumn(), labelColumn())) {
      JsonNode value = row.get(column);
      if (value == null) {
        List<String> found = new ArrayList<>();
        row.fieldNames().forEachRemaining(found::add);
        reportMissing(line, column, found);
        good = false;
      } else if (value.isContainerNode() || value.isNull() || isNotText(column, value)) {
        report(
            line,
            "\"%s\" is %s, but must be a string".formatted(column, value),
            "Put it in double quotes.");
        good = false;
      }
    }
    return good;
  }

  private boolean isNotText(String column, JsonNode value) {
    return column.equals(textColumn()) && !value.isTextual();
  }
}
