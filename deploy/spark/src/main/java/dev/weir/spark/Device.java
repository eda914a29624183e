package dev.weir.spark;

import dev.weir.problem.UserException;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;

/**
 * Where a worker computes.
 *
 * @param option what {@code --device} is given
 * @param environment variables that make it so
 */
record Device(String option, Map<String, String> environment) {
  private static final String RESOURCE = "gpu";
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  /**
   * The GPU that Spark gave the task, or else the CPU. An address that is a number is the GPU's
   * index; any other, such as a UUID, is made the only GPU that the worker sees.
   *
   * @param resources of the task
   * @throws UserException if there are several: a worker uses one
   */
  static Device of(Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get(RESOURCE);
    if (gpus == null || gpus.addresses().length == 0) {
      return new Device("cpu", Map.of());
    }
    String[] addresses = gpus.addresses();
    if (addresses.length > 1) {
      throw new UserException(
          "spark.task.resource.gpu.amount",
          "each task has " + addresses.length + " GPUs, but a worker uses one",
          "Set it to 1, and start more workers.");
    }
    return addresses[0].matches("[0-9]{1,4}")
        ? new Device("gpu" + Integer.parseInt(addresses[0]), Map.of())
        : new Device("gpu0", Map.of(VISIBLE, addresses[0]));
  }
}
