package dev.weir.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a {@link MaskedPass}, between two cuts of the tape, and what its backward pass tells of
 * the gradient.
 */
final class Stage {
  private final @Nullable Cut cut;
  private final List<Leaf> leaves = new ArrayList<>();
  private final List<LinearStep> steps = new ArrayList<>();
  private final List<LookUp> lookUps = new ArrayList<>();
  private int end;

  private Stage(@Nullable Cut cut) {
    this.cut = cut;
    this.end = from();
  }

  /** The stage that begins with the batch. */
  static Stage first() {
    return new Stage(null);
  }

  /**
   * The stage after this one.
   *
   * @param output what this one has put out
   * @param input a leaf of the same values
   */
  Stage next(NDArray output, NDArray input) {
    return new Stage(new Cut(this, output, input));
  }

  /** Notes an ordinary leaf. */
  void leaf(SelectedValues selected, NDArray array) {
    leaves.add(new Leaf(selected, array));
    extend(selected.end());
  }

  /** Notes a linear layer that is off the tape, after those that were applied before it. */
  void add(LinearStep step) {
    steps.add(step);
    extend(step.end());
  }

  /**
   * Notes an embedding table.
   *
   * @param sum a leaf: what was looked up in all tables
   * @param tableRows for each of its rows, the row of the table
   */
  void lookUp(SelectedValues selected, NDArray sum, int[] tableRows) {
    lookUps.add(new LookUp(selected, sum, tableRows));
    extend(selected.end());
  }

  private void extend(int to) {
    end = Math.max(end, to);
  }

  /** Whether what it puts out depends on a leaf. */
  boolean isOnTape() {
    return cut != null || !(leaves.isEmpty() && steps.isEmpty() && lookUps.isEmpty());
  }

  /** From this position of the masked vector on, all values belong to this stage or those after. */
  int from() {
    return cut == null ? 0 : cut.below.end;
  }

  /** Goes on from its last linear layer to where it begins, and takes what those layers tell. */
  void backward(GradientGather gather) {
    NDArray input = cut == null ? null : cut.input;
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).backward(input, gather);
    }
  }

  /**
   * Goes on to the stage before this one, as far as its last linear layer.
   *
   * @return that stage; null if there is none
   */
  @Nullable Stage descend() {
    if (cut == null) {
      return null;
    }
    TorchEngine.backward(cut.output, cut.input.getGradient());
    return cut.below;
  }

  /** Hands over what leaves and embedding tables tell, once the backward pass is through. */
  void handOver(GradientGather gather) {
    for (LookUp lookUp : lookUps) {
      gather.lookUp(lookUp.selected, lookUp.sum.getGradient(), lookUp.tableRows);
    }
    for (Leaf leaf : leaves) {
      gather.whole(leaf.selected, leaf.array.getGradient());
    }
  }

  private record Cut(Stage below, NDArray output, NDArray input) {}

  private record Leaf(SelectedValues selected, NDArray array) {}

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record LookUp(SelectedValues selected, NDArray sum, int[] tableRows) {}
}
