package dev.weir.cli;

import dev.weir.problem.UserException;
import dev.weir.tls.Credentials;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who may connect, and how it is proved: the options that coordinator and worker share. */
public final class DoorOptions {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the token that lets workers in; by default it is read from $WEIR_TOKEN.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = "Holds cert.pem, key.pem and ca.pem, as 'weir certs' makes them; turns TLS on.")
  private @Nullable Path certificates;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "This side's certificate, in PEM form.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, in PEM form.")
  private @Nullable Path key;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "Certificate of the authority that signed the other side's, in PEM form.")
  private @Nullable Path authority;

  /** The token, from wherever it was given. */
  public String token() {
    return JoinToken.read(tokenFile);
  }

  /** What to show and to ask for; null means plaintext. */
  public @Nullable Credentials credentials() {
    long given = Stream.of(certificate, key, authority).filter(each -> each != null).count();
    if (certificates != null && given == 0) {
      return Credentials.in(certificates).checked(Instant.now());
    }
    if (certificate != null && key != null && authority != null && certificates == null) {
      return new Credentials(certificate, key, authority).checked(Instant.now());
    }
    if (certificates == null && given == 0) {
      return null;
    }
    throw new UserException(
        "--tls-cert, --tls-key, --tls-ca, --certs",
        certificates == null
            ? given + " of the three files are given, and TLS needs all three"
            : "single files and a folder that holds them are both given",
        "Give --certs DIR alone, or the three files without it.");
  }

  /**
   * Refuses to listen where others can reach it without TLS.
   *
   * @param insecure whether the user insists
   */
  public static void requireLocked(
      InetSocketAddress address, @Nullable Credentials credentials, boolean insecure) {
    if (credentials == null && !insecure && !address.getAddress().isLoopbackAddress()) {
      throw new UserException(
          "--listen " + address.getHostString() + ":" + address.getPort(),
          "other machines can reach this address, and without TLS they could read the token and the"
              + " training",
          "Make certificates with 'weir certs DIR' and give them by --certs DIR/coordinator; or"
              + " listen on 127.0.0.1; or, on a network that you trust, add --insecure.");
    }
  }
}
