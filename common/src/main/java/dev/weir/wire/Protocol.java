package dev.weir.wire;

import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** The constants of {@code training.proto}: its version, its methods, its metadata. */
public final class Protocol {
  /** What this build speaks; both ends must agree. */
  public static final int VERSION = 4;

  /** Name of the coordinator's service. */
  public static final String SERVICE = "weir.v1.Training";

  /** Carries the join token, so that only who knows it can take part. */
  public static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("weir-token", Metadata.ASCII_STRING_MARSHALLER);

  /** The coordinator's one method: a worker's whole life. */
  public static final MethodDescriptor<Frame<FromWorker>, Frame<FromCoordinator>> SESSION =
      stream(SERVICE, "Session");

  /** Bytes of a {@code Blob}'s data; the last may be shorter. */
  public static final int BLOB_BYTES = 256 << 10;

  /** No message may be larger; the largest chunk that a job may ask for fits. */
  public static final int MAX_MESSAGE_BYTES = 2 << 20;

  private Protocol() {}

  private static MethodDescriptor<Frame<FromWorker>, Frame<FromCoordinator>> stream(
      String service, String method) {
    return MethodDescriptor.<Frame<FromWorker>, Frame<FromCoordinator>>newBuilder()
        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
        .setRequestMarshaller(new FrameMarshaller<>(FromWorker.getDefaultInstance()))
        .setResponseMarshaller(new FrameMarshaller<>(FromCoordinator.getDefaultInstance()))
        .build();
  }
}
