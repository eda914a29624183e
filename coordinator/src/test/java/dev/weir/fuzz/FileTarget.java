package dev.weir.fuzz;

import dev.weir.data.LabelledFiles;
import dev.weir.job.JobFile;
import dev.weir.mask.Mask;
import dev.weir.mask.MaskCodec;
import dev.weir.mask.Masks;
import dev.weir.model.OnnxFuzz;
import dev.weir.optimizer.AdamW;
import dev.weir.optimizer.DecayRanges;
import dev.weir.optimizer.LearningRateSchedule;
import dev.weir.parameter.ParameterLayout;
import dev.weir.proto.Blob;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.state.Delta;
import dev.weir.state.SafetensorsFile;
import dev.weir.state.TrainingState;
import dev.weir.state.TrainingStateCodec;
import dev.weir.state.UpdateRule;
import dev.weir.sum.SumFormat;
import dev.weir.sum.SumRule;
import dev.weir.wire.BlobReceiver;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.ValueChunk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Every reader of files and messages that needs nothing but bytes. */
public enum FileTarget implements Target {
  MASK {
    @Override
    public byte[] sound() {
      return MaskCodec.encode(mask());
    }

    @Override
    public void read(byte[] bytes) {
      MaskCodec.decode(layout(), bytes, "mask");
    }
  },
  /** Behind a right header, so that what is tried is the reading of the selections. */
  MASK_BODY {
    @Override
    public byte[] sound() {
      return MaskCodec.encode(mask());
    }

    @Override
    public void read(byte[] bytes) {
      byte[] right = sound();
      System.arraycopy(right, 0, bytes, 0, Math.min(MASK_HEADER, bytes.length));
      MaskCodec.decode(layout(), bytes, "mask");
    }
  },
  STATE {
    @Override
    public byte[] sound() {
      return TrainingStateCodec.encode(state());
    }

    @Override
    public void read(byte[] bytes) {
      TrainingStateCodec.decode(bytes, "state", rule());
    }
  },
  /** With a right checksum, whatever it holds; who was let in must be able to go on. */
  SEALED_STATE {
    @Override
    public byte[] sound() {
      return TrainingStateCodec.encode(state());
    }

    @Override
    public void read(byte[] bytes) {
      if (bytes.length > Integer.BYTES) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - Integer.BYTES);
        ByteBuffer.wrap(bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(bytes.length - Integer.BYTES, (int) crc.getValue());
      }
      TrainingState state = TrainingStateCodec.decode(bytes, "state", rule());
      state.commit(0, new int[state.size()]);
    }
  },
  SAFETENSORS {
    @Override
    public byte[] sound() throws IOException {
      return soundDelta();
    }

    @Override
    public void read(byte[] bytes) throws IOException {
      SafetensorsFile.open(write("damaged.safetensors", bytes)).close();
    }
  },
  DELTA {
    @Override
    public byte[] sound() throws IOException {
      return soundDelta();
    }

    @Override
    public void read(byte[] bytes) throws IOException {
      Delta.read(write("damaged-delta.safetensors", bytes), layout(), "base");
    }
  },
  ONNX {
    @Override
    public byte[] sound() {
      return OnnxFuzz.sound();
    }

    @Override
    public void read(byte[] bytes) {
      OnnxFuzz.read(bytes);
    }
  },
  JOB {
    @Override
    public byte[] sound() {
      return JobFile.parse("name: a\ntraining:\n  steps: 10\n", "job.yaml")
          .toYaml()
          .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void read(byte[] bytes) {
      JobFile.parse(new String(bytes, StandardCharsets.UTF_8), "job.yaml");
    }
  },
  CSV {
    @Override
    public byte[] sound() {
      StringBuilder rows = new StringBuilder("text,label\n");
      for (int i = 0; i < 40; i++) {
        rows.append("\"sentence, number ").append(i).append("\",").append(i % 2).append('\n');
      }
      return rows.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void read(byte[] bytes) throws IOException {
      new LabelledFiles(write("rows.csv", bytes), null, "text", "label", 0.3).load();
    }
  },
  TSV {
    @Override
    public byte[] sound() {
      StringBuilder rows = new StringBuilder("text\tlabel\n");
      for (int i = 0; i < 40; i++) {
        rows.append("sentence number ").append(i).append('\t').append(i % 2).append('\n');
      }
      return rows.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void read(byte[] bytes) throws IOException {
      new LabelledFiles(write("rows.tsv", bytes), null, "text", "label", 0.3).load();
    }
  },
  JSON_LINES {
    @Override
    public byte[] sound() {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        lines.append("{\"text\": \"sentence ").append(i).append("\", \"label\": ");
        lines.append(i % 2).append("}\n");
      }
      return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void read(byte[] bytes) throws IOException {
      new LabelledFiles(write("rows.jsonl", bytes), null, "text", "label", 0.3).load();
    }
  },
  /** A message to the coordinator. */
  FRAME_FROM_WORKER {
    @Override
    public byte[] sound() throws IOException {
      return Protocol.SESSION.getRequestMarshaller().stream(new Frame.Values<FromWorker>(chunk()))
          .readAllBytes();
    }

    @Override
    public void read(byte[] bytes) {
      Frame<FromWorker> unused =
          Protocol.SESSION.getRequestMarshaller().parse(new ByteArrayInputStream(bytes));
    }
  },
  /** A message to a worker; what is part of something larger is put together. */
  FRAME_FROM_COORDINATOR {
    @Override
    public byte[] sound() {
      return FromCoordinator.newBuilder()
          .setBlob(Blob.newBuilder().setKind(Blob.Kind.STATE).setTotalBytes(1 << 20))
          .build()
          .toByteArray();
    }

    @Override
    public void read(byte[] bytes) {
      Frame<FromCoordinator> frame =
          Protocol.SESSION.getResponseMarshaller().parse(new ByteArrayInputStream(bytes));
      if (frame instanceof Frame.Message<FromCoordinator> message && message.message().hasBlob()) {
        try {
          byte[] unused =
              new BlobReceiver(Blob.Kind.STATE, Integer.MAX_VALUE)
                  .accept(message.message().getBlob());
        } catch (IllegalArgumentException e) {
          // Refused: the stream ends.
        }
      }
    }
  };

  private static final int MASK_HEADER = Long.BYTES + 32 + Integer.BYTES;
  private static final Path FOLDER = folder();

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("weir-fuzz");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(String name, byte[] bytes) throws IOException {
    Path file = FOLDER.resolve(name);
    file.toFile().deleteOnExit();
    return Files.write(file, bytes);
  }

  private static ParameterLayout layout() {
    return ParameterLayout.builder().add("a", 30, 40).add("b", 40).addFresh("head", 2).build();
  }

  private static Mask mask() {
    return Masks.random(layout(), 60, 1);
  }

  private static UpdateRule rule() {
    return new UpdateRule(
        new AdamW(0.9, 0.999, 1e-8, 0.01),
        new LearningRateSchedule(LearningRateSchedule.Shape.CONSTANT, 0.5, 0, 10),
        1,
        new SumRule(SumFormat.FIXED32, 4, 0),
        DecayRanges.of(mask()));
  }

  private static TrainingState state() {
    return new TrainingState(rule(), new float[mask().size()]);
  }

  private static ValueChunk chunk() {
    return new ValueChunk(3, 1, 8, new int[] {1, -2, 3, 4}, 0, 4, SumFormat.FIXED32);
  }

  private static byte[] soundDelta() throws IOException {
    Path file = FOLDER.resolve("sound.safetensors");
    if (!Files.exists(file)) {
      Delta.of("seed: 1\n", "base", mask(), state()).write(file);
      file.toFile().deleteOnExit();
    }
    return Files.readAllBytes(file);
  }
}
