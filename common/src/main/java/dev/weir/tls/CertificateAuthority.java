package dev.weir.tls;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * A small authority of one's own: enough that the machines of a run know each other. Keys are on
 * the curve P-256. A coordinator's certificate serves no worker and the other way round, so a
 * stolen worker's key cannot pose as the coordinator.
 */
public final class CertificateAuthority {
  private static final String AUTHORITY_KEY = "ca-key.pem";
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);
  private static final int SERIAL_BITS = 127;

  private final KeyPair keys;
  private final X509CertificateHolder certificate;

  private CertificateAuthority(KeyPair keys, X509CertificateHolder certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /** Makes a new authority, valid for {@code validity} from {@code now}. */
  public static CertificateAuthority create(Instant now, Duration validity) {
    KeyPair keys = newKeys();
    X500Name name = name("Weir authority " + Long.toHexString(new SecureRandom().nextLong()));
    try {
      JcaX509v3CertificateBuilder builder = builder(name, name, keys, now, validity);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new CertificateAuthority(keys, sign(builder, keys));
    } catch (CertIOException e) {
      throw new IllegalStateException("cannot encode a certificate", e);
    }
  }

  /** The authority that {@link #save} wrote to {@code folder}. */
  public static CertificateAuthority load(Path folder) {
    X509CertificateHolder certificate = Pem.readCertificate(folder.resolve(Credentials.AUTHORITY));
    return new CertificateAuthority(
        Pem.readKeys(folder.resolve(AUTHORITY_KEY), certificate), certificate);
  }

  /** Whether {@code folder} holds an authority. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(AUTHORITY_KEY));
  }

  /** Writes the authority's certificate and its key, which nobody else needs to see. */
  public void save(Path folder) {
    Pem.write(folder.resolve(Credentials.AUTHORITY), certificate);
    Pem.writeSecret(folder.resolve(AUTHORITY_KEY), keys.getPrivate());
  }

  /**
   * Certifies a coordinator.
   *
   * @param folder receives {@code cert.pem}, {@code key.pem} and {@code ca.pem}
   * @param hosts names and addresses by which workers dial it, at least one
   */
  public void certifyCoordinator(Path folder, List<String> hosts, Instant now, Duration validity) {
    GeneralName[] names =
        hosts.stream()
            .map(
                host ->
                    new GeneralName(
                        IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName,
                        host))
            .toArray(GeneralName[]::new);
    certify(
        folder,
        name(hosts.get(0)),
        KeyPurposeId.id_kp_serverAuth,
        new GeneralNames(names),
        now,
        validity);
  }

  /** Certifies a worker. */
  public void certifyWorker(Path folder, String name, Instant now, Duration validity) {
    certify(
        folder,
        name(name),
        KeyPurposeId.id_kp_clientAuth,
        new GeneralNames(new GeneralName(GeneralName.dNSName, name)),
        now,
        validity);
  }

  private void certify(
      Path folder,
      X500Name subject,
      KeyPurposeId purpose,
      GeneralNames alternatives,
      Instant now,
      Duration validity) {
    requireNew(folder.resolve(Credentials.KEY));
    KeyPair own = newKeys();
    try {
      JcaX509v3CertificateBuilder builder =
          builder(certificate.getSubject(), subject, own, now, validity);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(Extension.subjectAlternativeName, false, alternatives);
      Files.createDirectories(folder);
      Pem.write(folder.resolve(Credentials.CERTIFICATE), sign(builder, keys));
      Pem.writeSecret(folder.resolve(Credentials.KEY), own.getPrivate());
      Pem.write(folder.resolve(Credentials.AUTHORITY), certificate);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write certificates to " + folder, e);
    }
  }

  private static void requireNew(Path key) {
    if (Files.exists(key)) {
      throw new UserException(
          key.toString(),
          "this key exists already and is not overwritten",
          "Choose another name or folder, or delete the old one.");
    }
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair keys, Instant now, Duration validity) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, new SecureRandom()),
        Date.from(now.minus(CLOCK_TOLERANCE)),
        Date.from(now.plus(validity)),
        subject,
        keys.getPublic());
  }

  private static X509CertificateHolder sign(JcaX509v3CertificateBuilder builder, KeyPair keys) {
    try {
      return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot sign with SHA256withECDSA", e);
    }
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no keys on the curve P-256", e);
    }
  }
}
