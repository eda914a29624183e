package dev.weir.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Who talks to whom where workers serve others. Who serves must be a worker: theirs are
 * certificates of workers, so they are judged as those are: who the authority has certified as a
 * worker is one, at whatever address. Who dials may be a worker or the coordinator. A worker's
 * certificate still cannot pose as the coordinator's where workers dial it.
 */
public final class PeerTrust extends X509ExtendedTrustManager {
  /** Of a server's key exchange: it is not looked at. */
  private static final String ANY_TYPE = "UNKNOWN";

  private final X509TrustManager workers;

  private PeerTrust(X509TrustManager workers) {
    this.workers = workers;
  }

  /** Trusts whom the authority of {@code credentials} has certified. */
  public static PeerTrust of(Credentials credentials) {
    try {
      KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      authorities.setCertificateEntry("authority", Credentials.read(credentials.authority()));
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(authorities);
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509TrustManager manager) {
          return new PeerTrust(manager);
        }
      }
      throw new IllegalStateException("this Java cannot check certificates");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java cannot check certificates", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    workers.checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    workers.checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    workers.checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    try {
      workers.checkClientTrusted(chain, type);
    } catch (CertificateException e) {
      workers.checkServerTrusted(chain, ANY_TYPE); // It is the coordinator, which serves workers.
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return workers.getAcceptedIssuers();
  }
}
