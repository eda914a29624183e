package dev.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParameterStorageTest {

  @Test
  void writingWithTheDevicesOperationsIsWritingDirectly() {
    try (NDManager manager = TorchEngine.start(1).newBaseManager()) {
      ParameterStorage direct = zeros(manager);
      ParameterStorage byDevice = zeros(manager);
      SelectedParameters some = SelectedParameters.of(Models.random(Models.TINY.layout(), 0.3, 12));
      float[] values = Models.ascending(some.count());
      direct.write(some, values);
      for (SelectedValues part : some.present()) {
        byDevice.writeArray(byDevice.parameters().get(part.index()).array(), part, values);
      }
      assertThat(byDevice.copy()).isEqualTo(direct.copy()).contains(0f, values[3]);
      assertThat(byDevice.digest()).isEqualTo(direct.digest());
    }
  }

  @Test
  void whatIsWrittenToAMatrixIsWrittenToTheTransposedOne() {
    try (NDManager manager = TorchEngine.start(1).newBaseManager()) {
      Random random = new Random(3);
      ParameterStorage storage =
          new ParameterStorage(
              Models.TINY.layout(), spec -> Models.values(random, spec.size()), manager);
      SelectedParameters some = SelectedParameters.of(Models.random(Models.TINY.layout(), 0.3, 12));
      for (Parameter matrix : matrices(storage)) {
        storage.transposed(matrix);
      }
      storage.write(some, Models.ascending(some.count()));
      for (Parameter matrix : matrices(storage)) {
        assertThat(storage.transposed(matrix).toFloatArray())
            .isEqualTo(matrix.array().transpose().toFloatArray());
      }
    }
  }

  private static List<Parameter> matrices(ParameterStorage storage) {
    return storage.parameters().stream()
        .filter(parameter -> parameter.spec().shape().size() == 2)
        .toList();
  }

  @Test
  void digestTellsOneChangedBit() {
    try (NDManager manager = TorchEngine.start(1).newBaseManager()) {
      ParameterStorage storage = zeros(manager);
      String before = storage.digest();
      SelectedParameters head = SelectedParameters.of(Models.random(Models.TINY.layout(), 0, 0));
      float[] values = new float[head.count()];
      values[0] = Float.MIN_VALUE;
      storage.write(head, values);
      assertThat(storage.digest()).isNotEqualTo(before);
    }
  }

  private static ParameterStorage zeros(NDManager manager) {
    return new ParameterStorage(Models.TINY.layout(), spec -> new float[spec.size()], manager);
  }
}
