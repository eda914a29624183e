package dev.weir.coordinator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import dev.weir.problem.UserException;
import dev.weir.state.AtomicFile;
import dev.weir.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs to know of its base model and data to serve steps. It is kept in the run's
 * folder, so that a coordinator that comes back serves at once and need not load them before.
 *
 * @param parameters of the model, in order
 * @param modelDigest of the base model
 * @param dataDigest of the data
 * @param data what is trained on, in words
 */
record Foundation(
    List<ParameterSpec> parameters, String modelDigest, String dataDigest, String data) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  static Foundation of(Task task) {
    return new Foundation(
        task.model().layout().parameters(),
        task.model().digest(),
        task.dataset().digest(),
        task.dataset().summary());
  }

  ParameterLayout layout() {
    return new ParameterLayout(parameters);
  }

  /** What {@code file} keeps, or null if it is missing, cut off or lacks something. */
  static @Nullable Foundation read(Path file) {
    try {
      return JSON.readValue(file.toFile(), Foundation.class);
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Sees that model and data are still those that the run was begun with.
   *
   * @throws UserException if they are others
   */
  void requireSame(Foundation now) {
    requireSame("model", modelDigest, now.modelDigest);
    requireSame("data", dataDigest, now.dataDigest);
  }

  private static void requireSame(String what, String before, String now) {
    if (!before.equals(now)) {
      throw new UserException(
          "the job's " + what,
          "the run was begun with one of digest " + before + ", and now it has " + now,
          "Put back what was there, or begin a new run.");
    }
  }

  void write(Path file) {
    try {
      ByteBuffer json = ByteBuffer.wrap(JSON.writeValueAsBytes(this));
      AtomicFile.write(file, out -> AtomicFile.writeFully(out, json));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
