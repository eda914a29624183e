package dev.weir.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file.
 *
 * @param metadata the strings under {@code __metadata__}
 * @param tensors by name, in the order of the header
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, TensorInfo> tensors) {
  static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxStringLength(SafetensorsFile.MAX_HEADER)
                  .build())
          .build();

  /** The bytes break a rule of the format; the message says which. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String rule) {
      super(rule);
    }
  }

  /**
   * Parses and checks a header.
   *
   * @param dataBytes number of bytes behind the header, which the tensors must fill without gaps
   */
  static SafetensorsHeader parse(byte[] json, long dataBytes) throws Malformed {
    try (JsonParser parser = JSON.createParser(json)) {
      require(json.length > 0 && json[0] == '{', "the header does not begin with {");
      SafetensorsHeader header =
          new SafetensorsHeader(new LinkedHashMap<>(), new LinkedHashMap<>());
      expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        header.readEntry(parser, parser.currentName());
      }
      require(parser.nextToken() == null, "the header goes on behind its closing brace");
      header.checkPlaces(dataBytes);
      return header;
    } catch (IOException e) {
      throw new Malformed("the header is not valid JSON: " + firstLine(e));
    }
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private void readEntry(JsonParser parser, String name) throws IOException, Malformed {
    expect(parser.nextToken(), JsonToken.START_OBJECT, name);
    if (name.equals(METADATA)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key);
        metadata.put(key, parser.getText());
      }
    } else {
      tensors.put(name, readTensor(parser, name));
    }
  }

  private static TensorInfo readTensor(JsonParser parser, String name)
      throws IOException, Malformed {
    TensorType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "dtype" -> type = type(parser, name);
        case "shape" -> shape = numbers(parser, name + ".shape");
        case "data_offsets" -> offsets = numbers(parser, name + ".data_offsets");
        default -> throw new Malformed("tensor " + name + " has the unknown key " + key);
      }
    }
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new Malformed("tensor " + name + " lacks its dtype, shape or two data_offsets");
    }
    TensorInfo tensor = new TensorInfo(type, shape, offsets.get(0), offsets.get(1));
    checkSize(name, tensor);
    return tensor;
  }

  private static TensorType type(JsonParser parser, String name) throws IOException, Malformed {
    expect(parser.currentToken(), JsonToken.VALUE_STRING, name + ".dtype");
    try {
      return TensorType.valueOf(parser.getText());
    } catch (IllegalArgumentException e) {
      throw new Malformed("tensor " + name + " has the unknown dtype " + parser.getText());
    }
  }

  private static List<Long> numbers(JsonParser parser, String place) throws IOException, Malformed {
    expect(parser.currentToken(), JsonToken.START_ARRAY, place);
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, place);
      long number = parser.getLongValue();
      require(number >= 0, place + " holds the negative " + number);
      numbers.add(number);
    }
    return numbers;
  }

  private static void checkSize(String name, TensorInfo tensor) throws Malformed {
    long bytes = tensor.type().bytes();
    try {
      for (long dimension : tensor.shape()) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
    } catch (ArithmeticException e) {
      bytes = -1;
    }
    require(
        tensor.end() - tensor.begin() == bytes,
        "tensor %s of %s %s lies at bytes %d to %d"
            .formatted(name, tensor.type(), tensor.shape(), tensor.begin(), tensor.end()));
  }

  /** Tensors follow each other without gaps or overlap, up to the end of the file. */
  private void checkPlaces(long dataBytes) throws Malformed {
    List<TensorInfo> sorted = new ArrayList<>(tensors.values());
    sorted.sort(Comparator.comparingLong(TensorInfo::begin).thenComparing(TensorInfo::end));
    long end = 0;
    for (TensorInfo tensor : sorted) {
      require(
          tensor.begin() == end,
          "a tensor begins at byte " + tensor.begin() + " where the last ends at " + end);
      end = tensor.end();
    }
    require(end == dataBytes, "the tensors take " + end + " bytes but the file has " + dataBytes);
  }

  private static void expect(JsonToken found, JsonToken expected, String place) throws Malformed {
    require(found == expected, place + " is not " + expected);
  }

  private static void require(boolean holds, String broken) throws Malformed {
    if (!holds) {
      throw new Malformed(broken);
    }
  }
}
