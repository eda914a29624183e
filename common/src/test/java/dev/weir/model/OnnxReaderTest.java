package dev.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxReaderTest {
  private static final byte[] FILE =
      new OnnxFile()
          .node("MatMul", "/a/MatMul", "x", "factor")
          .node("Add", "/a/Add", "x", "bias")
          .tensor("bias", List.of(2), 1, -2)
          .tensor("factor", List.of(2, 3), 1, 2, 3, 4, 5, 6)
          .tensor("whole numbers", 7, 9, List.of(1), 5, 6)
          .bytes();

  @Test
  void tensorsAndFactorsAreRead() {
    OnnxGraph graph = read(FILE, FILE.length);
    assertThat(graph.factors()).isEqualTo(Map.of("/a/MatMul", "factor"));
    assertThat(graph.tensors()).containsOnlyKeys("bias", "factor", "whole numbers");
    assertThat(graph.tensors().get("factor").shape()).containsExactly(2, 3);
    assertThat(graph.tensors().get("factor").values()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(graph.tensors().get("whole numbers").type()).isEqualTo(7);
    assertThat(graph.tensors().get("whole numbers").values()).isNull();
  }

  @Test
  void packedFloatsAreReadAsRawBytesAre() {
    byte[] file = new OnnxFile().tensor("w", 1, 4, List.of(2), 3, 4).bytes();
    assertThat(read(file, file.length).tensors().get("w").values()).containsExactly(3, 4);
  }

  @Test
  void tensorsLargerThanTheReadersBufferAreWhole() {
    float[] values = new float[100_000];
    Arrays.fill(values, 7);
    values[99_999] = 8;
    byte[] file = new OnnxFile().tensor("w", List.of(100, 1000), values).bytes();
    assertThat(read(file, file.length).tensors().get("w").values()).isEqualTo(values);
  }

  @Test
  void aFileCutOffAnywhereIsRefused() {
    for (int length = 0; length < FILE.length; length++) {
      byte[] cut = Arrays.copyOf(FILE, length);
      assertThatThrownBy(() -> read(cut, cut.length))
          .as("%d bytes", length)
          .isInstanceOf(UserException.class)
          .hasMessageContaining("model.onnx: not a whole ONNX file of " + length + " bytes");
    }
  }

  @Test
  void noMoreIsAllocatedThanTheFileHolds() {
    // An initializer that announces 2 GiB of raw bytes.
    byte[] file = {0x3a, 14, 0x2a, 12, 0x10, 1, 0x4a, -1, -1, -1, -1, 7, 0, 0, 0, 0};
    assertThatThrownBy(() -> read(file, file.length))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("2147483647 bytes are announced where 4 are left");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aTensorWhoseShapeDoesNotFitItsValuesIsRefused(int dimension) {
    byte[] file = new OnnxFile().tensor("w", List.of(dimension), 3, 4).bytes();
    assertThatThrownBy(() -> read(file, file.length))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("w has shape [" + dimension + "], but 2 values");
  }

  @Test
  void dimensionsThatOverflowAreRefused() {
    byte[] file = new OnnxFile().tensor("w", List.of(1 << 30, 1 << 30), 3).bytes();
    assertThatThrownBy(() -> read(file, file.length)).isInstanceOf(UserException.class);
  }

  @Test
  void aFileBeyondTwoGibibytesIsRefused() {
    assertThatThrownBy(() -> read(FILE, 1L << 31))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("2147483648 bytes, at most 2147483647");
  }

  @Property(tries = 500)
  void damagedFilesGiveAGraphOrAUserException(@ForAll int place, @ForAll byte value) {
    byte[] damaged = FILE.clone();
    damaged[Math.floorMod(place, damaged.length)] = value;
    try {
      assertThat(read(damaged, damaged.length).tensors()).hasSizeLessThanOrEqualTo(3);
    } catch (UserException e) {
      assertThat(e).hasMessageContaining("model.onnx");
    }
  }

  private static OnnxGraph read(byte[] file, long size) {
    return OnnxReader.read(new ByteArrayInputStream(file), size, "model.onnx");
  }
}
