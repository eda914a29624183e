package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function in TorchScript, which the engine compiles when it is loaded. This way leads to
 * operators of the engine that it does not offer to Java.
 */
final class TorchScript {
  private final PtSymbolBlock module;

  private TorchScript(PtSymbolBlock module) {
    this.module = module;
  }

  /**
   * Compiles a function.
   *
   * @param name of the module around it
   * @param forward the function's definition as the engine writes it into its archives: methods of
   *     tensors by their full names, operators as {@code ops.library.name}
   * @param manager owns the module
   */
  static TorchScript load(String name, String forward, NDManager manager) {
    try {
      return new TorchScript(
          JniUtils.loadModule(
              (PtNDManager) manager,
              new ByteArrayInputStream(archive(name, forward)),
              false,
              false));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Nothing is read but memory.
    }
  }

  /** Runs it, on the tape if an argument is; the result belongs to the manager of the first. */
  NDArray forward(NDList arguments) {
    return IValueUtils.forward(module, arguments, true).singletonOrThrow();
  }

  /** What {@code torch.jit.save} would write of a module without parameters. */
  private static byte[] archive(String name, String forward) throws IOException {
    String code = "class " + name + "(Module):\n" + forward.indent(2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, name + "/version", "3\n");
      store(zip, name + "/code/__torch__.py", code);
      // Pickles, protocol 2: an object of that class without a state, and an empty tuple.
      store(zip, name + "/data.pkl", "\u0080\u0002c__torch__\n" + name + "\n)\u0081}b.");
      store(zip, name + "/constants.pkl", "\u0080\u0002).");
    }
    return bytes.toByteArray();
  }

  /** An entry that is not compressed, as the engine wants it; a byte for each character. */
  private static void store(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
