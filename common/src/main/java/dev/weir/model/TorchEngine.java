package dev.weir.model;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/** Starts the engine so that what it computes depends on the job alone. */
final class TorchEngine {
  private TorchEngine() {}

  /**
   * The engine with {@code threads} compute threads. It is told not to use the network: nothing is
   * downloaded, and nothing is reported to its makers.
   */
  static synchronized Engine start(int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    // Read once, when the engine is loaded; the number of inter-op threads cannot change later.
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    Engine engine = Engine.getEngine("PyTorch");
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
    return engine;
  }

  /**
   * Goes on with a backward pass: from {@code array}, whose own gradient is given, to the leaves.
   * The engine's gradient collector begins at scalars only.
   */
  static void backward(NDArray array, NDArray gradient) {
    JniUtils.backward((PtNDArray) array, (PtNDArray) gradient, false, false);
  }
}
