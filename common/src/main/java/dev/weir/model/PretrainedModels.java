package dev.weir.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.weir.parameter.ParameterSpec;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.InputStream;

/** Opens pretrained encoders with a fresh classifier on top. */
public final class PretrainedModels {
  private PretrainedModels() {}

  /**
   * Opens a model on the host's processor.
   *
   * @param layers how many of the lowest encoder layers to keep; 0 for all
   * @param classes outputs of the classifier, at least 2
   * @param seed of the classifier's values
   * @param threads compute threads of this process; results depend on it in their last bits
   * @return a model that the caller closes
   * @throws UserException if the source cannot be read, or holds no such model
   */
  public static TrainableModel open(
      ModelSource source, int layers, int classes, long seed, int threads) {
    return open(source, layers, classes, seed, threads, "cpu");
  }

  /**
   * Opens a model on a device.
   *
   * @param device {@code cpu}, {@code gpu}, or {@code gpu1} and so on
   * @see #open(ModelSource, int, int, long, int)
   */
  public static TrainableModel open(
      ModelSource source, int layers, int classes, long seed, int threads, String device) {
    if (layers < 0 || classes < 2 || threads < 1) {
      throw new IllegalArgumentException(
          "layers " + layers + ", classes " + classes + ", threads " + threads);
    }
    BertWeights weights = read(source);
    BertShape shape = weights.shape(heads(source), layers, classes);
    FreshValues fresh = new FreshValues(seed);
    Engine engine = TorchEngine.start(threads);
    NDManager manager = engine.newBaseManager(device(engine, device));
    return new BertClassifier(
        shape,
        (ParameterSpec spec) -> spec.fresh() ? fresh.next(spec) : weights.values(spec),
        engine,
        manager);
  }

  /**
   * The tokenizer that belongs to a model, in Hugging Face's format, as it was published: it may
   * pad and truncate.
   *
   * @throws UserException if it cannot be read
   */
  public static byte[] tokenizerJson(ModelSource source) {
    try {
      return source.tokenizerJson();
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static BertWeights read(ModelSource source) {
    try (InputStream in = source.openOnnx()) {
      return new BertWeights(
          OnnxReader.read(in, source.onnxBytes(), source.place()), source.place());
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static int heads(ModelSource source) {
    try {
      return source.heads();
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static Device device(Engine engine, String name) {
    Device device = Device.fromName(name, engine);
    if (device.isGpu() && device.getDeviceId() >= engine.getGpuCount()) {
      throw new UserException(
          "device " + name,
          "there are " + engine.getGpuCount() + " GPUs that the engine can use",
          "Use cpu, or install a CUDA build of the engine.");
    }
    return device;
  }

  private static UserException unreadable(ModelSource source, IOException e) {
    return new UserException(
        source.place(), "cannot be read: " + e, "Check the file and its permissions.");
  }
}
