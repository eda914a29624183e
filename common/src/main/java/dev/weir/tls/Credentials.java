package dev.weir.tls;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What one side of a connection shows and what it asks of the other: both sides show a certificate,
 * and each accepts only one that the same authority signed.
 *
 * @param certificate PEM file of the own certificate, with any intermediate ones after it
 * @param key PEM file of its private key, PKCS#8, without a pass phrase
 * @param authority PEM file of the authority's certificate
 */
public record Credentials(Path certificate, Path key, Path authority) {
  /** Name of the certificate in a folder that {@link CertificateAuthority} fills. */
  static final String CERTIFICATE = "cert.pem";

  /** Name of its private key. */
  static final String KEY = "key.pem";

  /** Name of the authority's certificate. */
  static final String AUTHORITY = "ca.pem";

  /** The three files in a folder, as {@code weir certs} names them. */
  public static Credentials in(Path folder) {
    return new Credentials(
        folder.resolve(CERTIFICATE), folder.resolve(KEY), folder.resolve(AUTHORITY));
  }

  /**
   * Finds mistakes before anybody is dialed: files that are missing or no certificates, a key of
   * another certificate, dates, and an own certificate that the authority did not sign.
   *
   * @throws UserException that names the file and the remedy
   */
  public Credentials checked(Instant now) {
    X509Certificate own = read(certificate);
    X509Certificate signer = read(authority);
    requireReadable(key);
    OwnKey.requireOf(certificate, own.getPublicKey(), key);
    requireValid(certificate, own, now);
    requireValid(authority, signer, now);
    if (own.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
      requireSigned(own, signer);
    } else if (certificates(certificate).size() == 1) {
      throw notSigned();
    }
    return this;
  }

  private void requireSigned(X509Certificate own, X509Certificate signer) {
    try {
      own.verify(signer.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw notSigned();
    }
  }

  private UserException notSigned() {
    return new UserException(
        certificate.toString(),
        "this certificate was not signed by the authority in " + authority,
        "Give the certificate and the authority that were made together, as by 'weir certs'.");
  }

  private static void requireValid(Path file, X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw new UserException(
          file.toString(),
          "this certificate is valid from " + from + " to " + until + ", but now it is " + now,
          "Make new certificates with 'weir certs', or set this machine's clock.");
    }
  }

  private static void requireReadable(Path file) {
    if (!Files.isReadable(file)) {
      throw new UserException(
          file.toString(),
          "there is no such file, or this user may not read it",
          "Check --certs, --tls-cert, --tls-key and --tls-ca; 'weir certs DIR' makes all three.");
    }
  }

  static X509Certificate read(Path file) {
    return certificates(file).get(0);
  }

  private static List<X509Certificate> certificates(Path file) {
    requireReadable(file);
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!found.isEmpty()) {
        return found;
      }
    } catch (IOException | GeneralSecurityException e) {
      throw notACertificate(file, String.valueOf(e.getMessage()));
    }
    throw notACertificate(file, "it holds none");
  }

  private static UserException notACertificate(Path file, String why) {
    return new UserException(
        file.toString(),
        "is not an X.509 certificate in PEM form: " + why,
        "Give a file that begins with -----BEGIN CERTIFICATE-----.");
  }
}
