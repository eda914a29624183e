package dev.weir.model;

import dev.weir.mask.Mask;
import dev.weir.mask.Selection;
import dev.weir.parameter.ParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The selected coordinates, parameter by parameter. */
final class SelectedParameters {
  private final @Nullable SelectedValues[] byParameter;
  private final List<SelectedValues> present;
  private final int count;

  /**
   * @param present in ascending order, parameters without a selected element left out
   * @param parameters the number of parameters in the layout
   */
  SelectedParameters(List<SelectedValues> present, int parameters) {
    this.present = List.copyOf(present);
    this.byParameter = new SelectedValues[parameters];
    int sum = 0;
    for (SelectedValues selected : present) {
      byParameter[selected.index()] = selected;
      sum += selected.count();
    }
    this.count = sum;
  }

  /** What is selected of {@code parameter}, or null if nothing is. */
  @Nullable SelectedValues of(Parameter parameter) {
    return byParameter[parameter.index()];
  }

  /** In ascending order, parameters without a selected element left out. */
  List<SelectedValues> present() {
    return present;
  }

  /** The number of selected coordinates, k. */
  int count() {
    return count;
  }

  /** What {@code mask} selects; its index arrays are shared. */
  static SelectedParameters of(Mask mask) {
    List<ParameterSpec> parameters = mask.layout().parameters();
    List<SelectedValues> present = new ArrayList<>();
    for (int index = 0; index < parameters.size(); index++) {
      Selection selection = mask.selection(index);
      if (selection.size() > 0) {
        int[] positions = selection instanceof Selection.Indices indices ? indices.array() : null;
        present.add(new SelectedValues(index, parameters.get(index), mask.start(index), positions));
      }
    }
    return new SelectedParameters(present, parameters.size());
  }
}
