package dev.weir.wire;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Lets only those in who present the token; compares in constant time. */
final class TokenCheck implements ServerInterceptor {
  static final String REASON = "the join token is missing or is not the coordinator's";

  private final byte[] expected;
  private final TurnedAway turnedAway;

  /** Lets in who knows {@code token}, and notes the others. */
  TokenCheck(String token, TurnedAway turnedAway) {
    this.turnedAway = turnedAway;
    this.expected = token.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String presented = headers.get(Protocol.TOKEN);
    if (isShownBy(presented == null ? "" : presented)) {
      return next.startCall(call, headers);
    }
    turnedAway.note(
        TurnedAway.name(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)), REASON);
    call.close(Status.UNAUTHENTICATED.withDescription(REASON), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  /** Whether what was presented is the token. */
  boolean isShownBy(String presented) {
    return MessageDigest.isEqual(expected, presented.getBytes(StandardCharsets.UTF_8));
  }
}
