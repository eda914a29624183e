package dev.weir.kubernetes;

import io.kubernetes.client.util.ModelMapper;
import io.kubernetes.client.util.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Manifests from files, and what the typed client makes of them. A field that its types do not have
 * is an error.
 */
final class Manifests {
  static {
    ModelMapper.addModelMap("jobset.x-k8s.io", "v1alpha2", "JobSet", JobSet.class);
    kueue("LocalQueue", Kueue.LocalQueue.class);
    kueue("ClusterQueue", Kueue.ClusterQueue.class);
    kueue("ResourceFlavor", Kueue.ResourceFlavor.class);
  }

  private static void kueue(String kind, Class<?> type) {
    ModelMapper.addModelMap("kueue.x-k8s.io", "v1beta2", kind, type);
  }

  private Manifests() {}

  /** Every document of the YAML files of some folders, as maps and lists. */
  static List<Map<String, Object>> read(List<Path> folders) throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Path folder : folders) {
      for (Path file : files(folder)) {
        documents.addAll(read(file));
      }
    }
    return documents;
  }

  /** The manifests of a folder; what tells kustomize about them is none. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.endsWith("kustomization.yaml"))
          .sorted()
          .toList();
    }
  }

  static List<Map<String, Object>> read(Path file) throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object document :
        new org.yaml.snakeyaml.Yaml(new SafeConstructor(new LoaderOptions()))
            .loadAll(Files.readString(file))) {
      documents.add(asMap(document));
    }
    return documents;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> asMap(Object node) {
    return (Map<String, Object>) node;
  }

  /**
   * Loads a document into the client's types.
   *
   * @throws RuntimeException if it has a field that they do not have, or is of an unknown kind
   */
  static Object load(Map<String, Object> document) throws IOException {
    return Yaml.load(new org.yaml.snakeyaml.Yaml().dump(document));
  }
}
