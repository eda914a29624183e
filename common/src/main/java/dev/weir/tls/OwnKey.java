package dev.weir.tls;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** The private key of one's own certificate, looked at before anybody is dialed. */
final class OwnKey {
  private static final String REMEDY =
      "Give an unencrypted PKCS#8 key and the certificate that was made for it, as 'weir certs'"
          + " does.";
  private static final byte[] SAMPLE = "weir".getBytes(StandardCharsets.UTF_8);

  private OwnKey() {}

  /**
   * Signs something with the key and verifies it with the certificate's.
   *
   * @throws UserException if the file holds no key, or another certificate's
   */
  static void requireOf(Path certificate, PublicKey known, Path file) {
    PrivateKey key = read(file);
    try {
      if (!key.getAlgorithm().equals(known.getAlgorithm()) || !isPair(key, known)) {
        throw new UserException(
            file.toString(),
            "this private key does not belong to the certificate in " + certificate,
            REMEDY);
      }
    } catch (GeneralSecurityException e) {
      throw unusable(file, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isPair(PrivateKey key, PublicKey known) throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (key.getAlgorithm()) {
              case "EC", "ECDSA" -> "SHA256withECDSA";
              case "RSA" -> "SHA256withRSA";
              default -> key.getAlgorithm(); // Ed25519 and its like are named as their keys are.
            });
    signature.initSign(key);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(known);
    signature.update(SAMPLE);
    return signature.verify(signed);
  }

  private static PrivateKey read(Path file) {
    try (PEMParser parser = new PEMParser(Files.newBufferedReader(file, StandardCharsets.UTF_8))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        if (part instanceof PKCS8EncryptedPrivateKeyInfo || part instanceof PEMEncryptedKeyPair) {
          throw unusable(file, "it is encrypted with a pass phrase");
        }
        if (part instanceof PrivateKeyInfo info) {
          return new JcaPEMKeyConverter().getPrivateKey(info);
        }
        if (part instanceof PEMKeyPair pair) {
          return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
        }
      }
      throw unusable(file, "it holds no private key in PEM form");
    } catch (IOException e) {
      throw unusable(file, String.valueOf(e.getMessage()));
    }
  }

  private static UserException unusable(Path file, String why) {
    return new UserException(file.toString(), "cannot be used as a private key: " + why, REMEDY);
  }
}
