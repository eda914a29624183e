package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's product for x86 processors, which the engine contains but offers to scripts only. With b
 * as it lies it is 1.1 to 1.4 times as fast as MKL, measured on a processor of AMD's, to which MKL
 * does not give its AVX-512 routines.
 */
final class OneDnnProduct implements MatrixProduct {
  private static final String SCRIPT =
      """
      def forward(self, a: Tensor, b: Tensor, bias: Optional[Tensor]=None) -> Tensor:
        scalars = annotate(List[Optional[number]], [])
        return ops.mkldnn._linear_pointwise(a, torch.t(b), bias, "none", scalars, "")
      """;

  private final TorchScript script;

  /**
   * @param manager owns the script
   */
  OneDnnProduct(NDManager manager) {
    script = TorchScript.load("MatrixProduct", SCRIPT, manager);
  }

  /** Whether it is the one for this machine and device. */
  static boolean fits(NDManager manager) {
    String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return !manager.getDevice().isGpu()
        && (processor.equals("amd64") || processor.equals("x86_64"));
  }

  @Override
  public NDArray multiply(NDArray a, NDArray b, @Nullable NDArray bias) {
    NDArray values = a.stopGradient();
    return script.forward(bias == null ? new NDList(values, b) : new NDList(values, b, bias));
  }
}
