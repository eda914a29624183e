package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the selected values with operations of the device that computes, and copies all of them to
 * the host at once.
 */
final class DeviceGather implements GradientGather {
  /** Elements of the largest temporary array of a sampled product. */
  private static final int CHUNK = 1 << 24;

  private final NDManager manager;
  private final Map<SelectedValues, NDArray> places = new HashMap<>();
  private final Map<SelectedValues, Coordinates> coordinates = new HashMap<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final NDList arrays = new NDList();
  private float[] target = new float[0];

  /**
   * @param parent of the manager that owns the index arrays
   */
  DeviceGather(NDManager parent) {
    manager = parent.newSubManager();
  }

  @Override
  public void begin(float[] values) {
    target = values;
  }

  @Override
  public void whole(SelectedValues selected, NDArray gradient) {
    NDArray flat = gradient.flatten();
    add(
        selected.isWhole() ? flat : flat.take(places.computeIfAbsent(selected, this::places)),
        copy(selected));
  }

  @Override
  public void product(SelectedValues selected, NDArray gradient, NDArray input) {
    NDArray g = gradient.transpose();
    NDArray x = input.transpose();
    Coordinates at = coordinates.computeIfAbsent(selected, this::coordinates);
    int step = (int) Math.max(1, CHUNK / g.getShape().get(1));
    NDList sums = new NDList();
    for (int from = 0; from < selected.count(); from += step) {
      NDIndex range = new NDIndex().addSliceDim(from, Math.min(selected.count(), from + step));
      NDArray outs = Functions.lookUp(at.outs().get(g.getManager(), range), g);
      NDArray ins = Functions.lookUp(at.ins().get(g.getManager(), range), x);
      sums.add(outs.mul(ins).sum(new int[] {1}));
    }
    add(NDArrays.concat(sums), copy(selected));
  }

  @Override
  public void lookUp(SelectedValues selected, NDArray gradient, int[] tableRows) {
    add(
        gradient.flatten(),
        (copied, at, values) -> LookUpGradient.sum(selected, copied, at, tableRows, values));
  }

  @Override
  public void finish() {
    if (arrays.isEmpty()) {
      return;
    }
    try (NDArray all = NDArrays.concat(arrays)) {
      float[] copied = all.toFloatArray();
      int at = 0;
      for (int i = 0; i < pieces.size(); i++) {
        pieces.get(i).place(copied, at, target);
        at += Math.toIntExact(arrays.get(i).size());
      }
    } finally {
      pieces.clear();
      arrays.clear();
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  private void add(NDArray array, Piece piece) {
    arrays.add(array);
    pieces.add(piece);
  }

  private NDArray places(SelectedValues selected) {
    long[] places = new long[selected.count()];
    Arrays.setAll(places, selected::position);
    return manager.create(places);
  }

  private Coordinates coordinates(SelectedValues selected) {
    int width = selected.parameter().shape().get(1);
    long[] outs = new long[selected.count()];
    long[] ins = new long[selected.count()];
    Arrays.setAll(outs, i -> selected.position(i) / width);
    Arrays.setAll(ins, i -> selected.position(i) % width);
    return new Coordinates(manager.create(outs), manager.create(ins));
  }

  private static Piece copy(SelectedValues selected) {
    return (copied, at, values) ->
        System.arraycopy(copied, at, values, selected.first(), selected.count());
  }

  /** Where one of the concatenated arrays goes. */
  private interface Piece {
    void place(float[] copied, int at, float[] values);
  }

  /** Row and column of each selected element of a weight. */
  private record Coordinates(NDArray outs, NDArray ins) {}
}
