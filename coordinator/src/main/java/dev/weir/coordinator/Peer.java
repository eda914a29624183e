package dev.weir.coordinator;

import dev.weir.coordinator.membership.Fault;
import dev.weir.coordinator.rpc.Claim;
import dev.weir.coordinator.rpc.Contribution;
import dev.weir.coordinator.rpc.Readiness;
import dev.weir.coordinator.rpc.WorkerConnection;
import dev.weir.wire.ValueChunk;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A worker's connection, what it was assigned, and the contribution that is arriving on it. */
final class Peer {
  private enum Arrival {
    /** Chunks are expected, the first of the vector only after the contribution. */
    EARLY,
    /** Chunks are expected. */
    OPEN,
    /** The last chunk came. */
    COMPLETE,
    /** Chunks may come and mean nothing. */
    VOID
  }

  private static final int MAX_PARAMETER_NAME = 256;
  private static final Pattern ADDRESS = Pattern.compile("[\\w.:%-]{1,255}:\\d{1,5}");

  private final WorkerConnection connection;
  private final BitSet assigned = new BitSet();
  private final BitSet shards = new BitSet();
  private boolean seeded;
  private @Nullable Readiness readiness;
  private String address = "";
  private boolean owner;
  private long assignedStep = -1;
  private int assignedAttempt;
  private final Ahead ahead = new Ahead();
  private long step = -1;
  private int attempt;
  private Arrival arrival = Arrival.VOID;
  private final BitSet received = new BitSet();

  Peer(WorkerConnection connection) {
    this.connection = connection;
  }

  WorkerConnection connection() {
    return connection;
  }

  /** Whether it has a state, and so receives what is reduced. */
  boolean isSeeded() {
    return seeded;
  }

  /**
   * Notes the state that it has, and where it serves others.
   *
   * @throws IllegalArgumentException if that is no address
   */
  void begin(Readiness has) {
    if (!has.address().isEmpty() && !ADDRESS.matcher(has.address()).matches()) {
      throw new IllegalArgumentException("it serves others at an address that is none");
    }
    readiness = has;
    address = has.address();
  }

  /** Where other workers reach it; empty if they do not. */
  String address() {
    return address;
  }

  /** Notes that a plan made it the owner of a slice. */
  void own() {
    owner = true;
  }

  /**
   * Checks that sums may come from it.
   *
   * @throws IllegalArgumentException if no plan named it
   */
  void requireOwner() {
    if (!owner) {
      throw new IllegalArgumentException("sums of a slice that it does not own");
    }
  }

  /**
   * From now on it receives what is reduced.
   *
   * @return whether it came with the state of this step and fingerprint; otherwise, and whenever it
   *     is seeded again, it needs to be given it
   */
  boolean seed(long ofStep, long fingerprint) {
    Readiness has = readiness;
    readiness = null;
    seeded = true;
    return has != null && has.step() == ofStep && has.fingerprint() == fingerprint;
  }

  /** Notes shards that it may contribute to an attempt, beside those it was given for it before. */
  void assigned(long toStep, int toAttempt, BitSet some) {
    if (toStep != assignedStep || toAttempt != assignedAttempt) {
      assigned.clear();
      if (ahead.isOf(toStep, toAttempt)) {
        assigned.or(ahead.shards());
      }
    }
    assignedStep = toStep;
    assignedAttempt = toAttempt;
    assigned.or(some);
  }

  /** What it was told of the next step. */
  Ahead ahead() {
    return ahead;
  }

  /**
   * Keeps a word about a step that is yet to begin.
   *
   * @param message takes it then
   * @throws IllegalArgumentException as {@link #begin(Claim)}, or if there are more than belong to
   *     a contribution
   */
  void keep(Claim claim, Runnable message) {
    own(claim);
    requireFinite(claim.losses());
    ahead.keep(message);
  }

  /**
   * Keeps what shards of a step came to that is yet to begin.
   *
   * @param message takes it then
   * @throws IllegalArgumentException as {@link #begin(Contribution)}, or if there are more than
   *     belong to a contribution
   */
  void keep(Contribution contribution, Runnable message) {
    requireSound(contribution, own(contribution.claim()));
    ahead.keep(message);
  }

  /**
   * Begins to receive chunks of a contribution to the current attempt, before that is made.
   *
   * @throws IllegalArgumentException if its shards are not some of those that it was assigned, each
   *     with its loss, or a loss is not finite
   */
  void begin(Claim claim) {
    take(claim);
    requireFinite(claim.losses());
    received.clear();
    open(claim, claim.plan() == 0 ? Arrival.EARLY : Arrival.VOID);
  }

  /**
   * Begins a contribution to the current attempt, or goes on with the one that was begun.
   *
   * @throws IllegalArgumentException if its shards are not some of those that it was assigned, each
   *     with its loss, or a loss is not finite without a fault that says so
   */
  void begin(Contribution contribution) {
    Claim claim = contribution.claim();
    BitSet begun = (BitSet) shards.clone();
    take(claim);
    requireSound(contribution, shards);
    boolean whole = contribution.faults().isEmpty();
    boolean goesOn =
        arrival == Arrival.EARLY
            && claim.step() == step
            && claim.attempt() == attempt
            && shards.equals(begun);
    if (!goesOn) {
      received.clear();
    }
    open(claim, whole && claim.plan() == 0 ? Arrival.OPEN : Arrival.VOID);
  }

  private static void requireFinite(List<Double> losses) {
    if (!losses.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("a loss that is not finite, and no fault that says so");
    }
  }

  private static void requireSound(Contribution contribution, BitSet shards) {
    contribution.faults().forEach(fault -> requireOwn(fault, shards));
    if (contribution.faults().isEmpty()) {
      requireFinite(contribution.claim().losses());
    }
  }

  private void take(Claim claim) {
    shards.clear();
    shards.or(own(claim));
  }

  /** The shards of a claim, if it may contribute them. */
  private BitSet own(Claim claim) {
    BitSet claimed = new BitSet();
    BitSet own = assigned(claim.step(), claim.attempt());
    for (int shard : claim.shards()) {
      if (shard < 0 || !own.get(shard) || claimed.get(shard)) {
        throw new IllegalArgumentException(
            String.format(
                "a contribution of shard %s to step %d; assigned to it are %s, each once",
                Integer.toUnsignedString(shard), claim.step(), own.isEmpty() ? "none" : own));
      }
      claimed.set(shard);
    }
    int count = claim.shards().size();
    if (count == 0 || claim.losses().size() != count) {
      throw new IllegalArgumentException(
          String.format(
              "a contribution of %d shards with %d losses", count, claim.losses().size()));
    }
    return claimed;
  }

  /** The shards that it may contribute to an attempt. */
  private BitSet assigned(long ofStep, int ofAttempt) {
    BitSet own = new BitSet();
    if (ofStep == assignedStep && ofAttempt == assignedAttempt) {
      own.or(assigned);
    }
    if (ahead.isOf(ofStep, ofAttempt)) {
      own.or(ahead.shards());
    }
    return own;
  }

  private void open(Claim claim, Arrival how) {
    step = claim.step();
    attempt = claim.attempt();
    arrival = how;
  }

  private static void requireOwn(Fault fault, BitSet shards) {
    String parameter = fault.parameter();
    boolean printable =
        parameter.length() <= MAX_PARAMETER_NAME
            && parameter.chars().noneMatch(Character::isISOControl);
    if (fault.shard() < 0 || !shards.get(fault.shard()) || !printable) {
      throw new IllegalArgumentException(
          "a fault of shard "
              + Integer.toUnsignedString(fault.shard())
              + " in a contribution of the shards "
              + shards);
    }
  }

  /** Ignores the chunks of the contribution that was begun. */
  void abandon() {
    arrival = Arrival.VOID;
  }

  /**
   * Whether a chunk of the current attempt belongs to the contribution that was begun; false if it
   * means nothing any more.
   *
   * @throws IllegalArgumentException if it comes too early or too late
   */
  boolean expects(ValueChunk chunk) {
    if (chunk.step() != step || chunk.attempt() != attempt) {
      throw new IllegalArgumentException("a chunk before the contribution that it belongs to");
    }
    if (arrival == Arrival.COMPLETE) {
      throw new IllegalArgumentException("a chunk after the last one of its contribution");
    }
    if (arrival == Arrival.EARLY && chunk.offset() == 0) {
      throw new IllegalArgumentException("the first chunk before the contribution is made");
    }
    return arrival != Arrival.VOID;
  }

  /** The shards of the contribution. */
  BitSet shards() {
    return shards;
  }

  /**
   * Notes that a chunk arrived.
   *
   * @param index which of so many
   * @return whether it was the last that was missing
   * @throws IllegalArgumentException if it came before
   */
  boolean received(int index, int chunks) {
    if (received.get(index)) {
      throw new IllegalArgumentException(
          String.format("chunk %d of %d twice in a contribution", index, chunks));
    }
    received.set(index);
    if (received.cardinality() < chunks) {
      return false;
    }
    arrival = Arrival.COMPLETE;
    return true;
  }
}
