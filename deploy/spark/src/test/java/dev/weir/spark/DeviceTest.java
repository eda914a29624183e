package dev.weir.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class DeviceTest {
  private static Device given(String... addresses) {
    return Device.of(Map.of("gpu", new ResourceInformation("gpu", addresses)));
  }

  @Test
  void aTaskWithoutAGpuComputesOnTheCpu() {
    assertThat(Device.of(Map.of())).isEqualTo(new Device("cpu", Map.of()));
    assertThat(Device.of(Map.of("fpga", new ResourceInformation("fpga", new String[] {"0"}))))
        .isEqualTo(new Device("cpu", Map.of()));
    assertThat(given()).isEqualTo(new Device("cpu", Map.of()));
  }

  @Test
  void anIndexIsTheWorkersGpu() {
    assertThat(given("0")).isEqualTo(new Device("gpu0", Map.of()));
    assertThat(given("3")).isEqualTo(new Device("gpu3", Map.of()));
    assertThat(given("11")).isEqualTo(new Device("gpu11", Map.of()));
  }

  @Test
  void anyOtherAddressIsMadeTheOnlyGpuThatTheWorkerSees() {
    String uuid = "GPU-8f6d2c1e-0a4b-4f0d-9d7e-1c2b3a4d5e6f";
    assertThat(given(uuid)).isEqualTo(new Device("gpu0", Map.of("CUDA_VISIBLE_DEVICES", uuid)));
  }

  @Test
  void severalGpusForATaskAreRefused() {
    assertThatThrownBy(() -> given("0", "1"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("spark.task.resource.gpu.amount")
        .hasMessageContaining("2 GPUs");
  }
}
