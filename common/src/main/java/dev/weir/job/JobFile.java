package dev.weir.job;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * Reads jobs. Whatever is wrong with a job is reported at once, in one {@link UserException}: for
 * each problem the line or the option, the path of the key, what was given and what is allowed.
 */
public final class JobFile {
  private static final int MAX_BYTES = 1 << 20;

  private JobFile() {}

  /**
   * Reads a job from a file. Its relative paths are made absolute, as seen from the file's folder,
   * and must lead to something.
   *
   * @param file YAML in UTF-8, at most 1 MiB
   * @param overrides values that win over the file's, each {@code path.of.key=value}; an empty
   *     value puts the key back to its default
   * @throws UserException with every problem of the file and the overrides
   */
  public static Job load(Path file, List<String> overrides) {
    YamlSource source = new YamlSource(text(file), file.toString());
    Problems problems = new Problems();
    Given given = new Given();
    Job job = bind(source, overrides, given, problems);
    Path folder = file.toAbsolutePath().getParent();
    job =
        new JobPaths(folder == null ? file : folder, given, file.toString(), problems).resolve(job);
    problems.check();
    return job;
  }

  /**
   * Reads a job from a text; paths stay as they are.
   *
   * @param yaml such as {@link Job#toYaml}
   * @param origin what to call the text in messages
   * @throws UserException with every problem of the text
   */
  public static Job parse(String yaml, String origin) {
    return parse(yaml, origin, List.of());
  }

  /** The same, with overrides as in {@link #load}. */
  public static Job parse(String yaml, String origin, List<String> overrides) {
    if (yaml.length() > MAX_BYTES) {
      throw tooLarge(origin, yaml.length());
    }
    Problems problems = new Problems();
    Job job = bind(new YamlSource(yaml, origin), overrides, new Given(), problems);
    problems.check();
    return job;
  }

  /** A job to go on with, even if there are problems; only a text without keys ends it here. */
  private static Job bind(
      YamlSource source, List<String> overrides, Given given, Problems problems) {
    List<KeySpec> keys = KeySpec.of(Job.class, "");
    Overrides options = new Overrides(overrides, keys, problems);
    MappingNode root = source.mapping(problems);
    if (root == null) {
      throw problems.exception();
    }
    Job job = new Binder(source, options, keys, given, problems).bind(Job.class, "", root);
    new JobRules(job, given, source.origin(), problems).check();
    return job;
  }

  private static String text(Path file) {
    byte[] bytes = bytes(file);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserException(
          file.toString(), "is not in UTF-8, but a job file must be", "Save it as UTF-8.");
    }
  }

  private static byte[] bytes(Path file) {
    if (!Files.exists(file)) {
      throw new UserException(
          file.toString(),
          "there is no such file",
          "Check the path, or start from a copy of jobs/minilm-grammar.yaml.");
    }
    if (!Files.isRegularFile(file)) {
      throw new UserException(file.toString(), "is not a file", "Name the job file itself.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw tooLarge(file.toString(), Files.size(file));
      }
      return bytes;
    } catch (IOException e) {
      throw new UserException(
          file.toString(), "cannot be read: " + e, "Check the permissions of the file.");
    }
  }

  private static UserException tooLarge(String origin, long size) {
    return new UserException(
        origin,
        "has " + size + " bytes, but a job file may have " + MAX_BYTES,
        "This cannot be a job file: check the path.");
  }
}
