package dev.weir.bench.throughput;

import java.nio.file.Path;
import java.util.List;

/** Exactly what was run. */
final class Versions {
  private static final String PEERS =
      "import torch, transformers, peft; print('torch', torch.__version__ + ', transformers',"
          + " transformers.__version__ + ', peft', peft.__version__)";

  private Versions() {}

  /** One paragraph of Markdown. */
  static String describe(Path peers) {
    String python = peers.resolve("venv/bin/python").toString();
    return "Linux %s, %d cores; Java %s; peers: %s. One compute thread a worker, batch of 32, every worker one shard of the same batches.%n"
        .formatted(
            System.getProperty("os.version"),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"),
            Shell.run(List.of(python, "-c", PEERS)).strip());
  }
}
