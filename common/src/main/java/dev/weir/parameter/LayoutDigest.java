package dev.weir.parameter;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.List;

/** SHA-256 over what makes two layouts the same. */
final class LayoutDigest {
  private LayoutDigest() {}

  static String of(List<ParameterSpec> parameters) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeUTF("weir-layout-1");
      for (ParameterSpec parameter : parameters) {
        out.writeUTF(parameter.name());
        out.writeBoolean(parameter.fresh());
        out.writeInt(parameter.shape().size());
        for (int dimension : parameter.shape()) {
          out.writeInt(dimension);
        }
      }
      MessageDigest sha = Sha256.start();
      sha.update(bytes.toByteArray());
      return Sha256.finish(sha);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
