package dev.weir.wire;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Why a connection that was reached cannot be used, where trying again would not help.
 *
 * @param about what cannot be used: {@link #TOKEN} or {@link #TLS}
 * @param reason the rule that is broken, with both sides
 * @param remedy what to do about it
 */
public record Rejection(String about, String reason, String remedy) {
  /** The join token. */
  public static final String TOKEN = "token";

  /** Certificates, or whether there are any. */
  public static final String TLS = "tls";

  private static final String CERTIFICATES =
      "Make all certificates with one authority by 'weir certs', and give each side its folder by"
          + " --certs.";

  /** Of one who speaks plaintext where TLS is asked for. */
  public static final Rejection PLAINTEXT =
      new Rejection(
          TLS,
          "this side uses plaintext, but the coordinator asks for TLS",
          "Give this side its certificate by --certs.");

  /** What the end of a stream says about it; empty if a later try may succeed. */
  public static Optional<Rejection> of(Status status) {
    String text = text(status).toLowerCase(Locale.ROOT);
    if (status.getCode() == Status.Code.UNAUTHENTICATED) {
      return Optional.of(
          new Rejection(
              TOKEN,
              "the coordinator refused this worker: " + status.getDescription(),
              "Give both the same token, in WEIR_TOKEN or by --token-file."));
    }
    if (has(status, NotSslRecordException.class)) {
      return found(
          "this side uses TLS, but the coordinator answers in plaintext",
          "Start the coordinator with --certs too, or leave --certs out here.");
    }
    return certificates(status, text);
  }

  private static Optional<Rejection> certificates(Status status, String text) {
    if (has(status, CertificateExpiredException.class)
        || has(status, CertificateNotYetValidException.class)) {
      return found(
          "the coordinator's certificate is not valid today",
          "Make new certificates with 'weir certs', or set this machine's clock.");
    }
    if (text.contains("no subject alternative") || text.contains("no name matching")) {
      return found(
          "the coordinator's certificate is for other names than the one it was dialed by",
          "Dial a name that the certificate holds, or make it anew with 'weir certs --host NAME'.");
    }
    if (text.contains("path building failed") || text.contains("path validation failed")) {
      return found(
          "the coordinator's certificate was not signed by the authority that this side trusts",
          CERTIFICATES);
    }
    if (has(status, SSLException.class) && text.contains("alert")) {
      return found("the coordinator does not accept this side's certificate", CERTIFICATES);
    }
    if (has(status, SslHandshakeTimeoutException.class)) {
      return Optional.empty(); // Somebody is there and busy.
    }
    if (has(status, SSLHandshakeException.class)) {
      return found(
          "the coordinator and this side cannot agree on TLS: " + NetworkReason.of(status),
          CERTIFICATES);
    }
    return Optional.empty();
  }

  private static Optional<Rejection> found(String reason, String remedy) {
    return Optional.of(new Rejection(TLS, reason, remedy));
  }

  private static boolean has(Status status, Class<? extends Throwable> kind) {
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static String text(Status status) {
    StringBuilder text = new StringBuilder(String.valueOf(status.getDescription()));
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      text.append(' ').append(cause.getMessage());
    }
    return text.toString();
  }
}
