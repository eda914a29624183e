package dev.weir.tls;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Keys and certificates as the text files that every tool reads. */
final class Pem {
  private Pem() {}

  static void write(Path file, X509CertificateHolder certificate) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text(certificate));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Writes a key that only its owner may read, from the first byte on. */
  static void writeSecret(Path file, PrivateKey key) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (Files.getFileStore(file.toAbsolutePath().getParent())
          .supportsFileAttributeView("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, text(new JcaPKCS8Generator(key, null)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static String text(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  static X509CertificateHolder readCertificate(Path file) {
    if (parse(file) instanceof X509CertificateHolder certificate) {
      return certificate;
    }
    throw unreadable(file, "it holds no certificate");
  }

  /** The private key of {@code file} with the public key of {@code certificate}. */
  static KeyPair readKeys(Path file, X509CertificateHolder certificate) {
    if (!(parse(file) instanceof PrivateKeyInfo info)) {
      throw unreadable(file, "it holds no private key in PKCS#8 form");
    }
    try {
      X509Certificate known = new JcaX509CertificateConverter().getCertificate(certificate);
      return new KeyPair(known.getPublicKey(), new JcaPEMKeyConverter().getPrivateKey(info));
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
  }

  private static Object parse(Path file) {
    try (PEMParser parser = new PEMParser(Files.newBufferedReader(file, StandardCharsets.UTF_8))) {
      Object object = parser.readObject();
      if (object != null) {
        return object;
      }
      throw unreadable(file, "it is empty");
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
  }

  private static UserException unreadable(Path file, String why) {
    return new UserException(
        file.toString(), "cannot be read: " + why, "Make a new authority in another folder.");
  }
}
