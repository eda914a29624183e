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
  private final List<Product> products = new ArrayList<>();
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
    extend(selected);
  }

  /**
   * Notes a weight whose gradient is to be sampled.
   *
   * @param zeros a leaf that was added to y = x·Wᵀ + b
   */
  void product(SelectedValues selected, NDArray zeros, NDArray x) {
    products.add(new Product(selected, zeros, x));
    extend(selected);
  }

  /**
   * Notes an embedding table.
   *
   * @param zeros a leaf that was added to what was looked up
   * @param tableRows for each of its rows, the row of the table
   */
  void lookUp(SelectedValues selected, NDArray zeros, int[] tableRows) {
    lookUps.add(new LookUp(selected, zeros, tableRows));
    extend(selected);
  }

  private void extend(SelectedValues selected) {
    end = Math.max(end, selected.first() + selected.count());
  }

  /** Whether what it puts out depends on a leaf. */
  boolean isOnTape() {
    return cut != null || !(leaves.isEmpty() && products.isEmpty() && lookUps.isEmpty());
  }

  /** From this position of the masked vector on, all values belong to this stage or those after. */
  int from() {
    return cut == null ? 0 : cut.below.end;
  }

  /**
   * Makes the engine's part of the backward pass of the stage before this one.
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

  /** Computes the products that the engine's backward pass has left out. */
  void multiply(GradientGather gather) {
    for (Product product : products) {
      gather.product(product.selected, product.zeros.getGradient(), product.x);
    }
  }

  /** Hands over everything else. */
  void handOver(GradientGather gather) {
    for (LookUp lookUp : lookUps) {
      gather.lookUp(lookUp.selected, lookUp.zeros.getGradient(), lookUp.tableRows);
    }
    for (Leaf leaf : leaves) {
      gather.whole(leaf.selected, leaf.array.getGradient());
    }
  }

  private record Cut(Stage below, NDArray output, NDArray input) {}

  private record Leaf(SelectedValues selected, NDArray array) {}

  private record Product(SelectedValues selected, NDArray zeros, NDArray x) {}

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record LookUp(SelectedValues selected, NDArray zeros, int[] tableRows) {}
}
