package dev.weir.wire;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.ByteToMessageDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Settings;

/**
 * Lets the other side of a connection send HTTP/2 frames of up to 1 MiB. The protocol's default of
 * 16 KiB cuts every chunk of values into several frames, each with a header, a buffer and a turn of
 * the decoder; gRPC has no option for it. What arrives of a frame is chained, not copied into ever
 * larger buffers, until the frame is whole.
 */
final class LargeFrames {
  private static final int MAX_FRAME_BYTES = 1 << 20;

  private LargeFrames() {}

  /** Has {@code channel} say so as soon as HTTP/2 is spoken on it. */
  static void allow(Channel channel) {
    channel.pipeline().addFirst(new Setting());
  }

  /** Waits for the first bytes that HTTP/2's handler has seen, and is gone. */
  private static final class Setting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.fireChannelReadComplete();
      ChannelHandlerContext http = context.pipeline().context(Http2ConnectionHandler.class);
      if (http != null && !context.isRemoved()) {
        Http2ConnectionHandler handler = (Http2ConnectionHandler) http.handler();
        handler.setCumulator(ByteToMessageDecoder.COMPOSITE_CUMULATOR);
        Http2Settings settings = new Http2Settings().maxFrameSize(MAX_FRAME_BYTES);
        var unused = handler.encoder().writeSettings(http, settings, http.newPromise());
        http.flush();
        context.pipeline().remove(this);
      }
    }
  }
}
