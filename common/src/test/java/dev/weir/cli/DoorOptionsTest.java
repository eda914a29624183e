package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import dev.weir.tls.CertificateAuthority;
import dev.weir.tls.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class DoorOptionsTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;

  @Command
  static final class Holder {
    @Mixin DoorOptions door = new DoorOptions();
  }

  private static DoorOptions parse(Object... arguments) {
    Holder holder = new Holder();
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    new CommandLine(holder).parseArgs(texts);
    return holder.door;
  }

  private Path certified(String name, Instant from) {
    CertificateAuthority.create(from, DAY).certifyWorker(folder.resolve(name), "worker", from, DAY);
    return folder.resolve(name);
  }

  @Test
  void theTokenComesFromAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "0123456789abcdef\n");
    assertThat(parse("--token-file", file).token()).isEqualTo("0123456789abcdef");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "0123456789abcdef 0123456789", "0123456789abcdef\u00e9"})
  void aTokenThatIsNoneIsRefusedWithoutShowingIt(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), text);
    DoorOptions options = parse("--token-file", file);
    assertThatThrownBy(options::token)
        .isInstanceOf(UserException.class)
        .hasMessageContaining(file.toString())
        .satisfies(
            e ->
                assertThat(text.isEmpty() || !e.getMessage().contains(text)).as("hidden").isTrue());
  }

  @Test
  void aFileThatIsNoTokenIsRefusedWithoutReadingItWhole() throws Exception {
    Path file = Files.write(folder.resolve("token"), new byte[4096]);
    assertThatThrownBy(() -> parse("--token-file", file).token())
        .hasMessageContaining("larger than 1024");
    assertThatThrownBy(() -> parse("--token-file", folder.resolve("none")).token())
        .hasMessageContaining("cannot be read");
  }

  @Test
  void withoutAnyFileThereIsNoTls() {
    assertThat(parse().credentials()).isNull();
  }

  @Test
  void theFolderHoldsAllThreeFiles() {
    Path certificates = certified("worker", Instant.now());
    assertThat(parse("--certs", certificates).credentials())
        .isEqualTo(Credentials.in(certificates))
        .isEqualTo(
            parse(
                    "--tls-cert",
                    certificates.resolve("cert.pem"),
                    "--tls-key",
                    certificates.resolve("key.pem"),
                    "--tls-ca",
                    certificates.resolve("ca.pem"))
                .credentials());
  }

  @Test
  void someOfTheFilesAreNotEnough() {
    Path certificates = certified("worker", Instant.now());
    assertThatThrownBy(() -> parse("--tls-cert", certificates.resolve("cert.pem")).credentials())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("1 of the three");
    assertThatThrownBy(
            () ->
                parse("--certs", certificates, "--tls-ca", certificates.resolve("ca.pem"))
                    .credentials())
        .hasMessageContaining("both given");
  }

  @Test
  void anExpiredCertificateIsNamedBeforeAnybodyIsDialed() {
    Path certificates = certified("worker", Instant.now().minus(DAY).minus(DAY));
    assertThatThrownBy(() -> parse("--certs", certificates).credentials())
        .isInstanceOf(UserException.class)
        .hasMessageContaining(certificates.resolve("cert.pem").toString())
        .hasMessageContaining("valid from");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNamedBeforeAnybodyIsDialed() {
    Path own = certified("own", Instant.now());
    Path other = certified("other", Instant.now());
    assertThatThrownBy(
            () ->
                parse(
                        "--tls-cert", own.resolve("cert.pem"),
                        "--tls-key", own.resolve("key.pem"),
                        "--tls-ca", other.resolve("ca.pem"))
                    .credentials())
        .hasMessageContaining("not signed by the authority");
  }

  @Test
  void filesThatAreMissingOrNoCertificatesAreNamed() throws Exception {
    assertThatThrownBy(() -> parse("--certs", folder.resolve("none")).credentials())
        .hasMessageContaining("no such file");
    Path certificates = certified("worker", Instant.now());
    Files.writeString(certificates.resolve("ca.pem"), "nonsense");
    assertThatThrownBy(() -> parse("--certs", certificates).credentials())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("ca.pem");
  }

  @Test
  void onlyTheOwnerMayReadAKey() throws Exception {
    Path key = certified("worker", Instant.now()).resolve("key.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }

  @Test
  void anAuthorityThatWasSavedSignsMore() {
    CertificateAuthority made = CertificateAuthority.create(Instant.now(), DAY);
    made.save(folder.resolve("authority"));
    CertificateAuthority.load(folder.resolve("authority"))
        .certifyCoordinator(folder.resolve("c"), List.of("localhost", "::1"), Instant.now(), DAY);
    assertThatCode(() -> parse("--certs", folder.resolve("c")).credentials())
        .doesNotThrowAnyException();
  }

  @Test
  void listeningForOthersNeedsTls() throws Exception {
    InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 7070);
    Credentials some = Credentials.in(folder);
    assertThatThrownBy(() -> DoorOptions.requireLocked(everywhere, null, false))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("0.0.0.0:7070")
        .hasMessageContaining("--insecure");
    assertThatCode(
            () -> {
              DoorOptions.requireLocked(everywhere, null, true);
              DoorOptions.requireLocked(everywhere, some, false);
              DoorOptions.requireLocked(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, false);
            })
        .doesNotThrowAnyException();
  }
}
