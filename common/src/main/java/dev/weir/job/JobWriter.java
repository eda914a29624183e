package dev.weir.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes records as YAML: a key a line, in the order of their declaration, sections indented. */
final class JobWriter {
  private final StringBuilder yaml = new StringBuilder();
  private final Set<String> leftOut;

  private JobWriter(Set<String> leftOut) {
    this.leftOut = leftOut;
  }

  /** Leaves out what has no value, and what may not be given with the values of others. */
  static String write(Job job) {
    Set<String> leftOut = new HashSet<>();
    if (!job.method().name().hasDensity()) {
      leftOut.add("method.density");
    }
    if (job.communication().everySteps() == 1) {
      leftOut.add("communication.outer");
    }
    if (job.communication().outer().combine() != Combination.NESTEROV) {
      leftOut.add("communication.outer.learningRate");
      leftOut.add("communication.outer.momentum");
    }
    JobWriter writer = new JobWriter(leftOut);
    writer.section(job, "", "");
    return writer.yaml.toString();
  }

  private void section(Record section, String prefix, String indent) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      String name = component.getName();
      Object value = value(section, component);
      if (leftOut.contains(prefix + name)) {
        continue;
      }
      if (value instanceof Record inner) {
        yaml.append(indent).append(name).append(":\n");
        section(inner, prefix + name + ".", indent + "  ");
      } else if (value != null) {
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
