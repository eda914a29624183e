package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes with one's own certificates, found before anybody is dialed. */
class CredentialsTest {
  private static final Instant NOW = Instant.now();
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;
  private final CertificateAuthority ours = CertificateAuthority.create(NOW, DAY);
  private Credentials own = new Credentials(Path.of(""), Path.of(""), Path.of(""));

  @BeforeEach
  void certify() {
    ours.certifyWorker(folder.resolve("own"), "own", NOW, DAY);
    ours.certifyWorker(folder.resolve("other"), "other", NOW, DAY);
    own = Credentials.in(folder.resolve("own"));
  }

  private static void refused(Credentials credentials, Path place, String... parts) {
    assertThatThrownBy(() -> credentials.checked(NOW))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(place + ": ")
        .hasMessageContainingAll(parts);
  }

  private Credentials withKey(Path key) {
    return new Credentials(own.certificate(), key, own.authority());
  }

  @Test
  void whatBelongsTogetherIsAccepted() {
    assertThat(own.checked(NOW)).isEqualTo(own);
  }

  @Test
  void aKeyOfAnotherCertificate() {
    Path key = folder.resolve("other/key.pem");
    refused(
        withKey(key),
        key,
        "this private key does not belong to the certificate in " + own.certificate(),
        "weir certs");
  }

  @Test
  void aKeyOfAnotherKind() throws Exception {
    PrivateKey rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    Path key = write("rsa.pem", new JcaPKCS8Generator(rsa, null));
    refused(withKey(key), key, "does not belong to the certificate in " + own.certificate());
  }

  @Test
  void aKeyBehindAPassPhrase() throws Exception {
    PrivateKey rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    Path key =
        write(
            "locked.pem",
            new JcaPKCS8Generator(
                rsa,
                new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_128_CBC)
                    .setProvider(new BouncyCastleProvider())
                    .setPassword("open sesame".toCharArray())
                    .build()));
    refused(withKey(key), key, "it is encrypted with a pass phrase", "unencrypted PKCS#8");
  }

  private Path write(String name, Object pem) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(pem);
    }
    return Files.writeString(folder.resolve(name), text.toString());
  }

  @Test
  void keysThatAreNone() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no key at all\n");
    Path cut =
        Files.writeString(folder.resolve("cut"), Files.readString(own.key()).substring(0, 90));
    Path missing = folder.resolve("missing");
    refused(withKey(text), text, "it holds no private key in PEM form");
    refused(withKey(own.certificate()), own.certificate(), "it holds no private key in PEM form");
    refused(withKey(cut), cut, "cannot be used as a private key");
    refused(withKey(folder), folder, "cannot be used as a private key", "directory");
    refused(withKey(missing), missing, "there is no such file, or this user may not read it");
  }

  @Test
  void certificatesThatAreNone() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no certificate at all\n");
    refused(new Credentials(text, own.key(), own.authority()), text, "is not an X.509 certificate");
    refused(
        new Credentials(own.certificate(), own.key(), text), text, "is not an X.509 certificate");
    refused(
        new Credentials(folder, own.key(), own.authority()), folder, "is not an X.509 certificate");
  }

  @Test
  void certificatesOfYesterdayAndTomorrow() {
    ours.certifyWorker(folder.resolve("old"), "old", NOW.minus(DAY).minus(DAY), DAY);
    ours.certifyCoordinator(folder.resolve("new"), List.of("localhost"), NOW.plus(DAY), DAY);
    for (String name : List.of("old", "new")) {
      Path file = folder.resolve(name + "/cert.pem");
      refused(
          Credentials.in(folder.resolve(name)),
          file,
          "this certificate is valid from ",
          "but now it is " + NOW,
          "this machine's clock");
    }
  }

  @Test
  void anAuthorityThatDidNotSignIt() {
    CertificateAuthority others = CertificateAuthority.create(NOW, DAY);
    others.certifyWorker(folder.resolve("foreign"), "own", NOW, DAY);
    Path foreign = folder.resolve("foreign/ca.pem");
    refused(
        new Credentials(own.certificate(), own.key(), foreign),
        own.certificate(),
        "this certificate was not signed by the authority in " + foreign,
        "weir certs");
  }
}
