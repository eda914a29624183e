package dev.weir.bench.machine;

import java.nio.file.Path;
import java.util.List;

/** Exactly what was run. */
public final class Versions {
  private static final String PEERS =
      "import torch, transformers, peft; print('torch', torch.__version__ + ', transformers',"
          + " transformers.__version__ + ', peft', peft.__version__)";

  private Versions() {}

  /** One paragraph of Markdown. */
  public static String describe(Path peers) {
    String python = peers.resolve("venv/bin/python").toString();
    return machine() + "; peers: " + Shell.run(List.of(python, "-c", PEERS)).strip() + ".\n";
  }

  /** The machine and the Java, in a line without an end. */
  public static String machine() {
    return "Linux %s, %d cores; Java %s"
        .formatted(
            System.getProperty("os.version").replaceAll("-.*", ""),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"));
  }
}
