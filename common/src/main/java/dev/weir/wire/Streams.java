package dev.weir.wire;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;

/** Opens the calling end of streams. */
public final class Streams {
  private Streams() {}

  /**
   * Opens a stream, showing the join token.
   *
   * @param answers takes what comes back; one that wants to know when more can be sent is a {@link
   *     io.grpc.stub.ClientResponseObserver}
   * @return takes what is to be sent
   */
  public static <Q, A> StreamObserver<Q> open(
      ManagedChannel channel,
      String token,
      MethodDescriptor<Q, A> method,
      CallOptions options,
      StreamObserver<A> answers) {
    Metadata metadata = new Metadata();
    metadata.put(Protocol.TOKEN, token);
    return ClientCalls.asyncBidiStreamingCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata))
            .newCall(method, options),
        answers);
  }
}
