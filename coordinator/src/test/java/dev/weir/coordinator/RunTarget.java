package dev.weir.coordinator;

import dev.weir.coordinator.journal.Journal;
import dev.weir.fuzz.Target;
import dev.weir.proto.Alive;
import dev.weir.proto.Assign;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Leave;
import dev.weir.proto.Probe;
import dev.weir.state.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What a coordinator keeps and hears: its journal, and the streams of its workers. */
public enum RunTarget implements Target {
  /** The journal's log, each record with a right checksum: only committed states may come out. */
  SEALED_LOG {
    @Override
    public byte[] sound() throws IOException {
      return JOURNAL.log;
    }

    @Override
    public void read(byte[] bytes) throws IOException {
      seal(bytes);
      Files.write(JOURNAL.folder.resolve("steps-0.log"), bytes);
      try (Journal journal = Journal.resume(JOURNAL.folder, TinyRun.initialState().rule())) {
        long step = journal.state().step();
        if (step < 0 || step > bytes.length / 20) {
          throw new AssertionError("at step " + step + " after " + bytes.length + " bytes");
        }
      }
    }
  },
  /** The journal's log as it is. */
  LOG {
    @Override
    public byte[] sound() throws IOException {
      return JOURNAL.log;
    }

    @Override
    public void read(byte[] bytes) throws IOException {
      Files.write(JOURNAL.folder.resolve("steps-0.log"), bytes);
      JOURNAL.requireCommitted();
    }
  },
  SNAPSHOT {
    @Override
    public byte[] sound() throws IOException {
      return JOURNAL.snapshot;
    }

    @Override
    public void read(byte[] bytes) throws IOException {
      try {
        Files.write(JOURNAL.folder.resolve("state-0.weir"), bytes);
        Files.write(JOURNAL.folder.resolve("steps-0.log"), JOURNAL.log);
        JOURNAL.requireCommitted();
      } finally {
        Files.write(JOURNAL.folder.resolve("state-0.weir"), JOURNAL.snapshot);
      }
    }
  },
  /**
   * A peer that does what the bytes say: joins, contributes, sends chunks, echoes, garbage, leaves,
   * comes back, in any order. What it contributes in the right form is right; an honest worker must
   * then come to the bits of an undisturbed run.
   */
  SESSION {
    @Override
    public byte[] sound() {
      return new byte[] {0, 1, 11, 3, 5, 0, 5, 1, 5, 2};
    }

    @Override
    public void read(byte[] bytes) throws Exception {
      Path folder = JOURNAL.folder.resolve("run-" + NUMBER.incrementAndGet());
      try (TinyRun run = new TinyRun(folder, 1, Duration.ofSeconds(20))) {
        new Script(run, ByteBuffer.wrap(bytes)).play();
        try (FakeWorker honest = run.worker("honest")) {
          honest.begin().work();
          if (!honest.state.digest().equals(DIGEST) || !run.digestAtTheEnd().equals(DIGEST)) {
            throw new AssertionError("another state than that of an undisturbed run");
          }
        }
      } finally {
        delete(folder);
      }
    }
  };

  private static final AtomicLong NUMBER = new AtomicLong();
  private static final Recorded JOURNAL = new Recorded();
  private static final String DIGEST = undisturbed();

  private static String undisturbed() {
    Path folder = JOURNAL.folder.resolve("undisturbed");
    try (TinyRun run = new TinyRun(folder, 1, Duration.ofSeconds(20));
        FakeWorker honest = run.worker("honest")) {
      honest.begin().work();
      return run.digestAtTheEnd();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void seal(byte[] log) {
    ByteBuffer bytes = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at + 20 <= log.length) {
      int count = bytes.getInt(at + 12);
      if (count < 0 || count > (log.length - at - 20) / 4) {
        return;
      }
      int end = at + 16 + 4 * count;
      CRC32C crc = new CRC32C();
      crc.update(log, at, end - at);
      bytes.putInt(end, (int) crc.getValue());
      at = end + 4;
    }
  }

  /** A journal of four steps, one of them skipped. */
  private static final class Recorded {
    private final Set<String> committed = new HashSet<>();
    private final Path folder;
    private final byte[] log;
    private final byte[] snapshot;

    Recorded() {
      try {
        folder = Files.createTempDirectory("weir-fuzz");
        TrainingState state = TinyRun.initialState();
        committed.add(state.digest());
        try (Journal journal = Journal.create(folder, state)) {
          for (int step = 0; step < 4; step++) {
            int[] sums = new int[TinyRun.VALUES];
            sums[step] = 1000 * (step + 1);
            if (step == 2) {
              journal.appendSkip(step);
              state.skip();
            } else {
              journal.append(step, 0, 0.5, sums);
              state.commit(0, sums);
            }
            committed.add(state.digest());
          }
        }
        log = Files.readAllBytes(folder.resolve("steps-0.log"));
        snapshot = Files.readAllBytes(folder.resolve("state-0.weir"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void requireCommitted() {
      try (Journal journal = Journal.resume(folder, TinyRun.initialState().rule())) {
        if (!committed.contains(journal.state().digest())) {
          throw new AssertionError("a state that was never committed");
        }
      }
    }
  }

  /** Plays the bytes: an action, then its arguments. */
  private static final class Script {
    private static final int MAX_ACTIONS = 16;

    private final TinyRun run;
    private final ByteBuffer bytes;
    private FakeWorker hostile;
    private Assign assign = Assign.newBuilder().addShards(0).build();
    private Assign contributed = assign;
    private boolean mayBeHeard;
    private boolean joined;
    private boolean readied;
    private boolean owed;

    Script(TinyRun run, ByteBuffer bytes) {
      this.run = run;
      this.bytes = bytes;
      this.hostile = run.worker("hostile");
    }

    void play() throws InterruptedException {
      try {
        for (int i = 0; i < MAX_ACTIONS && bytes.hasRemaining(); i++) {
          act(next() % 14);
        }
      } finally {
        hostile.close();
      }
    }

    private int next() {
      return bytes.hasRemaining() ? bytes.get() & 0xff : 0;
    }

    private void act(int action) throws InterruptedException {
      switch (action) {
        case 0 -> {
          hostile.sendJoin();
          joined = true;
        }
        case 1 -> {
          hostile.send(FromWorker.newBuilder().setReady(hostile.digests(TinyRun.maskDigest())));
          owed = joined && !readied;
          readied |= owed;
        }
        case 2 -> hostile.send(FromWorker.newBuilder().setReady(hostile.digests("another")));
        case 3 -> contribute(assign.getShardsList(), 0, 0, false);
        case 4 -> contribute(shards(), next() % 3 - 1, next() % 3 - 1, next() % 2 == 1);
        case 5 -> chunk(next() % 4 * TinyRun.CHUNK, 0);
        case 6 -> chunk(next() - 128, next() % 40);
        case 7 -> garbage();
        case 8 -> hostile.send(FromWorker.newBuilder().setAlive(Alive.getDefaultInstance()));
        case 9 -> {
          hostile.send(FromWorker.newBuilder().setLeave(Leave.newBuilder().setReason("x\n\0")));
          owed = false;
          readied = true; // Who left is owed nothing more on this stream.
        }
        case 10 ->
            hostile.send(
                FromWorker.newBuilder().setProbe(Probe.newBuilder().setEchoBytes(next() - 8)));
        case 11 -> awaitAssignment();
        case 12 -> run.tick();
        default -> comeBack();
      }
    }

    private List<Integer> shards() {
      List<Integer> shards = new ArrayList<>();
      for (int i = next() % 5; i > 0; i--) {
        shards.add(next() % 7 - 1);
      }
      return shards;
    }

    private void contribute(List<Integer> shards, int steps, int attempts, boolean wrongState) {
      contributed =
          assign.toBuilder()
              .clearShards()
              .addAllShards(shards)
              .setStep(assign.getStep() + steps)
              .setAttempt(assign.getAttempt() + attempts)
              .build();
      mayBeHeard = true;
      var message = hostile.contribution(contributed);
      if (wrongState) {
        message.setStateFingerprint(1);
      }
      hostile.send(FromWorker.newBuilder().setContribution(message));
    }

    /** Values are right for what was contributed; offset and length need not be. */
    private void chunk(int offset, int wrongLength) {
      int at = Math.floorMod(offset, 12);
      if (contributed.getAttempt() < 0 || contributed.getAttempt() > 1 || at >= TinyRun.VALUES) {
        return;
      }
      var chunk = hostile.chunk(contributed, at, hostile.sums(contributed)).setOffset(offset);
      if (wrongLength != 0 || offset != at) {
        chunk.setValues(com.google.protobuf.ByteString.copyFrom(new byte[wrongLength + 17]));
      }
      hostile.send(FromWorker.newBuilder().setChunk(chunk));
    }

    /** Not where it could be taken for a dishonest contribution. */
    private void garbage() {
      byte[] some = new byte[Math.min(next(), bytes.remaining())];
      bytes.get(some);
      if (!mayBeHeard) {
        hostile.send(some);
      }
    }

    /**
     * Waits only for what must come: one assignment, after the first Ready of a stream that joined
     * before and on which nothing was contributed. To a second Ready the coordinator says nothing.
     */
    private void awaitAssignment() throws InterruptedException {
      if (owed && !mayBeHeard) {
        owed = false;
        hostile.poll().ifPresent(given -> assign = given);
      }
    }

    private void comeBack() {
      hostile.close();
      hostile = run.worker("hostile");
      joined = false;
      readied = false;
      owed = false;
      mayBeHeard = false;
      assign = Assign.newBuilder().addShards(0).build();
      contributed = assign;
    }
  }
}
