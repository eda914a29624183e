package dev.weir.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path path = folder.resolve("a.safetensors");
    float[] floats = new float[300_000];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i * 0.1f;
    }
    new SafetensorsWriter()
        .metadata("licence", "ünï \"quoted\"\n")
        .add("bytes", new byte[] {1, -1, 7}, 3)
        .add("floats", floats, 3, 100_000)
        .add("ints", new int[] {Integer.MIN_VALUE, 5}, 2, 1)
        .add("longs", new long[] {Long.MIN_VALUE}, 1)
        .add("nothing", new float[0], 0)
        .add("scalar", new float[] {2})
        .write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.metadata()).isEqualTo(Map.of("licence", "ünï \"quoted\"\n"));
      assertThat(file.floats("floats")).isEqualTo(floats);
      assertThat(file.tensors().get("floats").shape()).containsExactly(3L, 100_000L);
      assertThat(file.ints("ints")).containsExactly(Integer.MIN_VALUE, 5);
      assertThat(file.longs("longs")).containsExactly(Long.MIN_VALUE);
      assertThat(file.bytes("bytes")).containsExactly(1, -1, 7);
      assertThat(file.floats("nothing")).isEmpty();
      assertThat(file.floats("scalar")).containsExactly(2);
    }
  }

  @Test
  void theLayoutOfBytesIsThatOfTheFormat() throws IOException {
    Path path = folder.resolve("a.safetensors");
    new SafetensorsWriter().metadata("k", "v").add("x", new float[] {1, -2}, 2).write(path);
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},\"x\":{\"dtype\":\"F32\",\"shape\":[2],"
            + "\"data_offsets\":[0,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer expected = ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN);
    expected
        .putLong(padded)
        .put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.UTF_8));
    expected.putFloat(1).putFloat(-2);
    assertThat(Files.readAllBytes(path)).containsExactly(expected.array());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "8|{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|",
        "0|{}|",
        "0|{'__metadata__':{'a':'b'}}  |",
        "8|{'x':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}|lies at bytes 0 to 8",
        "8|{'x':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|lies at bytes",
        "9|{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|the file has 9",
        "7|{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|the file has 7",
        "8|{'x':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}}|begins at byte 4",
        "6|{'x':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},"
            + "'y':{'dtype':'U8','shape':[4],'data_offsets':[2,6]}}|begins at byte 2",
        "8|{'x':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}}|unknown dtype F33",
        "8|{'x':{'dtype':4,'shape':[2],'data_offsets':[0,8]}}|x.dtype is not",
        "8|{'x':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|negative",
        "8|{'x':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}|x.shape is not",
        "8|{'x':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}|x.shape is not",
        "8|{'x':{'dtype':'F32','shape':[4294967296,4294967296,4],'data_offsets':[0,0]}}|lies at",
        "8|{'x':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}}|not valid",
        "8|{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}}|data_offsets",
        "8|{'x':{'dtype':'F32','shape':[2]}}|lacks",
        "8|{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'more':1}}|unknown key more",
        "0|{'__metadata__':{'a':1}}|__metadata__.a is not",
        "0|{'__metadata__':{'a':'b','a':'c'}}|Duplicate",
        "0|[]|does not begin with {",
        "0|{} {}|goes on",
        "0|{'x':|not valid JSON",
        "0|{'x':null}|x is not",
      })
  void everyRuleOfTheHeaderIsChecked(int dataBytes, String header, String rule) throws IOException {
    Path path = folder.resolve("b.safetensors");
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataBytes);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
    Files.write(path, bytes.array());
    if (rule == null) {
      SafetensorsFile.open(path).close();
    } else {
      assertThatThrownBy(() -> SafetensorsFile.open(path))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("b.safetensors")
          .hasMessageContaining(rule);
    }
  }

  @Test
  void hostileHeaderLengthsAreRefusedWithoutAllocating() throws IOException {
    Path path = folder.resolve("c.safetensors");
    for (long length : new long[] {-1, 100_000_001, Long.MAX_VALUE, 3, Long.MIN_VALUE}) {
      ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      Files.write(path, bytes.array());
      assertThatThrownBy(() -> SafetensorsFile.open(path))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("header");
    }
    Files.write(path, new byte[7]);
    assertThatThrownBy(() -> SafetensorsFile.open(path)).isInstanceOf(UserException.class);
  }

  @Test
  void missingFilesTensorsAndOtherTypesAreNamed() throws IOException {
    Path path = folder.resolve("d.safetensors");
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no such file");
    new SafetensorsWriter().add("x", new float[1], 1).write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThatThrownBy(() -> file.ints("x"))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("F32 instead of I32");
      assertThatThrownBy(() -> file.floats("y"))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("no tensor y");
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path path = folder.resolve("e");
    Files.writeString(path, "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    path,
                    out -> {
                      AtomicFile.writeFully(out, ByteBuffer.wrap(new byte[10]));
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    assertThat(Files.readString(path)).isEqualTo("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList()).isEqualTo(List.of(path));
    }
  }

  @Test
  void tensorsMustFitTheirShapes() {
    assertThatThrownBy(() -> new SafetensorsWriter().add("x", new float[3], 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new SafetensorsWriter().add("x", new float[1], 1).add("x", new int[1], 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
