package dev.weir.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes records as YAML: a key a line, in the order of their declaration, sections indented. */
final class JobWriter {
  private final StringBuilder yaml = new StringBuilder();
  private final Set<String> leftOut;

  private JobWriter(Set<String> leftOut) {
    this.leftOut = leftOut;
  }

  /** Leaves out what has no value, and the density where it may not be given. */
  static String write(Job job) {
    boolean hasDensity = job.method().name().hasDensity();
    JobWriter writer = new JobWriter(hasDensity ? Set.of() : Set.of("method.density"));
    writer.section(job, "", "");
    return writer.yaml.toString();
  }

  private void section(Record section, String prefix, String indent) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      String name = component.getName();
      Object value = value(section, component);
      if (value instanceof Record inner) {
        yaml.append(indent).append(name).append(":\n");
        section(inner, prefix + name + ".", indent + "  ");
      } else if (value != null && !leftOut.contains(prefix + name)) {
        String text = ScalarType.of(component.getType()).write(value);
        yaml.append(indent).append(name).append(": ").append(text).append('\n');
      }
    }
  }

  private static @Nullable Object value(Record section, RecordComponent component) {
    try {
      return component.getAccessor().invoke(section);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
