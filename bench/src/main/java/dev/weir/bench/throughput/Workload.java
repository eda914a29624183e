package dev.weir.bench.throughput;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.data.Example;
import dev.weir.data.LabelledBatch;
import dev.weir.data.ShardBatches;
import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.model.TokenBatch;
import dev.weir.model.TrainableModel;
import dev.weir.parameter.ParameterSpec;
import dev.weir.state.SafetensorsWriter;
import dev.weir.task.Task;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What everybody trains: the bundled job's model, texts and batches, in files that peers can read.
 * Every worker has one shard of each step, so ours and theirs compute the very same batches.
 */
final class Workload {
  private static final int HELD_OUT = 16;

  /** Of 40 steps: few enough to be tokenized while it warms up, as peers' are before they begin. */
  private static final int TEXTS = 1280;

  private static final JsonFactory JSON = new JsonFactory();

  private final Path home;
  private final Path folder;

  /**
   * Writes the model and the texts.
   *
   * @param home where Weir's {@code jobs} folder is
   * @param folder receives the files
   */
  Workload(Path home, Path folder) {
    this.home = home;
    this.folder = folder;
    Job job = JobFile.load(bundledJob(), List.of());
    try (Task task = Task.load(job, 1, "cpu")) {
      writeTexts("train.jsonl", spread(task.dataset().train()));
      writeTexts("held-out.jsonl", task.dataset().heldOut().subList(0, HELD_OUT));
      writeModel(task.model());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder, e);
    }
  }

  /** {@link #TEXTS} of them, of all lengths: they lie in alphabetical order. */
  private static List<Example> spread(List<Example> examples) {
    return IntStream.range(0, TEXTS)
        .mapToObj(i -> examples.get((int) ((long) i * examples.size() / TEXTS)))
        .toList();
  }

  private Path bundledJob() {
    return home.resolve("jobs/minilm-grammar.yaml");
  }

  /** Weights by the names of Weir's layout, which are those of Hugging Face's BertModel. */
  Path model() {
    return folder.resolve("model.safetensors");
  }

  /** The job for so many workers, with everything in {@code overrides}. */
  Job job(int workers, List<String> overrides) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of(
                "data.source=files",
                "data.train=" + folder.resolve("train.jsonl"),
                "data.heldOut=" + folder.resolve("held-out.jsonl"),
                "training.shards=" + workers,
                "training.evaluateEvery=0")); // The peers do not evaluate either.
    all.addAll(overrides);
    return JobFile.load(bundledJob(), all);
  }

  /** A line for each shard of the first {@code steps} steps: its token ids and labels. */
  Path batches(int workers, int steps) {
    Path file = folder.resolve("batches-" + workers + ".jsonl");
    if (Files.exists(file)) {
      return file;
    }
    try (Task task = Task.load(job(workers, List.of()), 1, "cpu");
        BufferedWriter lines = Files.newBufferedWriter(file)) {
      ShardBatches batches = task.shardBatches();
      for (int step = 0; step < steps; step++) {
        for (int shard = 0; shard < workers; shard++) {
          write(shard, batches.batch(step, shard), lines);
        }
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static void write(int shard, LabelledBatch batch, BufferedWriter lines)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(lines)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeNumberField("shard", shard);
      json.writeArrayFieldStart("tokens");
      TokenBatch tokens = batch.tokens();
      for (int row = 0; row < tokens.size(); row++) {
        json.writeArray(tokens.tokens(), row * tokens.length(), tokens.tokens(row));
      }
      json.writeEndArray();
      json.writeFieldName("labels");
      json.writeArray(batch.labels(), 0, batch.size());
      json.writeEndObject();
    }
    lines.newLine();
  }

  private void writeTexts(String name, List<Example> examples) throws IOException {
    try (BufferedWriter lines = Files.newBufferedWriter(folder.resolve(name))) {
      for (Example example : examples) {
        try (JsonGenerator json = JSON.createGenerator(lines)) {
          json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
          json.writeStartObject();
          json.writeStringField("text", example.text());
          json.writeNumberField("label", example.label());
          json.writeEndObject();
        }
        lines.newLine();
      }
    }
  }

  private void writeModel(TrainableModel model) throws IOException {
    float[] values = model.values();
    SafetensorsWriter writer = new SafetensorsWriter();
    for (ParameterSpec parameter : model.layout().parameters()) {
      writer.add(
          parameter.name(),
          Arrays.copyOfRange(values, parameter.offset(), parameter.end()),
          parameter.shape().stream().mapToInt(Integer::intValue).toArray());
    }
    writer.write(model());
  }
}
