package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.proto.Blob;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobReceiverTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 256 << 10, (256 << 10) + 1, 1_000_000})
  void whatIsSentInPiecesArrivesWhole(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    List<Blob> pieces = new ArrayList<>();
    BlobSender.send(Blob.Kind.MASK, bytes, pieces::add);
    BlobReceiver receiver = new BlobReceiver(Blob.Kind.MASK, length);

    for (Blob piece : pieces.subList(0, pieces.size() - 1)) {
      assertThat(receiver.accept(piece)).isNull();
    }
    assertThat(receiver.accept(pieces.get(pieces.size() - 1))).isEqualTo(bytes);
  }

  @Test
  void whatIsDeclaredTooLargeIsRefusedBeforeItIsStored() {
    BlobReceiver receiver = new BlobReceiver(Blob.Kind.STATE, 1000);

    assertThatThrownBy(() -> receiver.accept(piece(1L << 40, 0, 10)))
        .hasMessageContaining("1099511627776")
        .hasMessageContaining("1000");
  }

  @Test
  void aPieceOutOfOrderIsRefused() {
    BlobReceiver receiver = new BlobReceiver(Blob.Kind.STATE, 1000);
    receiver.accept(piece(100, 0, 10));

    assertThatThrownBy(() -> receiver.accept(piece(100, 20, 10))).hasMessageContaining("20");
    assertThatThrownBy(() -> receiver.accept(piece(90, 10, 10))).hasMessageContaining("90");
    assertThatThrownBy(() -> receiver.accept(piece(100, 10, 95))).hasMessageContaining("10");
  }

  private static Blob piece(long total, long offset, int length) {
    return Blob.newBuilder()
        .setTotalBytes(total)
        .setOffset(offset)
        .setData(ByteString.copyFrom(new byte[length]))
        .build();
  }
}
