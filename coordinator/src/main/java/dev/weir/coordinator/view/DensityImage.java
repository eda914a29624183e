package dev.weir.coordinator.view;

import dev.weir.parameter.ParameterSpec;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** How densely one parameter is selected from, as a small picture with a transparent ground. */
final class DensityImage {
  private static final int CELLS = 40;
  private static final int COLOUR = 0x14917F;
  private static final double FAINTEST = 1e-4;

  private DensityImage() {}

  /**
   * A PNG in a data URL: rows of the matrix from top to bottom; a vector as one column.
   *
   * @param indices ascending, inside of the parameter
   */
  static String dataUrl(ParameterSpec parameter, int[] indices) {
    List<Integer> shape = parameter.shape();
    int rows = shape.isEmpty() ? 1 : shape.get(0);
    int columns = parameter.size() / rows;
    int height = Math.min(CELLS, rows);
    int width = Math.min(CELLS, columns);
    int[] counts = new int[width * height];
    for (int index : indices) {
      int row = (int) ((long) (index / columns) * height / rows);
      int column = (int) ((long) (index % columns) * width / columns);
      counts[row * width + column]++;
    }
    double cell = (double) parameter.size() / (width * height);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < counts.length; i++) {
      int alpha = (int) Math.round(255 * alpha(Math.min(1, counts[i] / cell)));
      image.setRGB(i % width, i / width, alpha << 24 | COLOUR);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(image));
  }

  /** Opacity of a share: 0 for none, and from 0.01 % to 100 % by its logarithm. */
  static double alpha(double share) {
    return share == 0 ? 0 : 0.15 + 0.85 * (1 + Math.log10(Math.max(share, FAINTEST)) / 4);
  }

  private static byte[] png(BufferedImage image) {
    ImageIO.setUseCache(false);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a picture", e);
    }
    return bytes.toByteArray();
  }
}
