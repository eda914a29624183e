package dev.weir.coordinator;

import dev.weir.coordinator.membership.Fault;
import dev.weir.coordinator.rpc.Contribution;
import dev.weir.coordinator.rpc.Readiness;
import dev.weir.coordinator.rpc.WorkerConnection;
import dev.weir.wire.ValueChunk;
import java.util.BitSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A worker's connection, what it was assigned, and the contribution that is arriving on it. */
final class Peer {
  private enum Arrival {
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
  private long step = -1;
  private int attempt;
  private Arrival arrival = Arrival.VOID;
  private int receivedValues;

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
    }
    assignedStep = toStep;
    assignedAttempt = toAttempt;
    assigned.or(some);
  }

  /**
   * Begins a contribution to the current attempt.
   *
   * @throws IllegalArgumentException if its shards are not some of those that it was assigned, each
   *     with its loss, or a loss is not finite without a fault that says so
   */
  void begin(Contribution contribution) {
    shards.clear();
    boolean mayContribute =
        contribution.step() == assignedStep && contribution.attempt() == assignedAttempt;
    for (int shard : contribution.shards()) {
      if (shard < 0 || !mayContribute || !assigned.get(shard) || shards.get(shard)) {
        throw new IllegalArgumentException(
            String.format(
                "a contribution of shard %s to step %d; assigned to it are %s, each once",
                Integer.toUnsignedString(shard),
                contribution.step(),
                mayContribute ? assigned : "none"));
      }
      shards.set(shard);
    }
    if (shards.isEmpty() || contribution.losses().size() != contribution.shards().size()) {
      throw new IllegalArgumentException(
          String.format(
              "a contribution of %d shards with %d losses",
              contribution.shards().size(), contribution.losses().size()));
    }
    contribution.faults().forEach(this::requireOwn);
    boolean whole = contribution.faults().size() == 0;
    if (whole && !contribution.losses().stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("a loss that is not finite, and no fault that says so");
    }
    step = contribution.step();
    attempt = contribution.attempt();
    arrival = whole && contribution.plan() == 0 ? Arrival.OPEN : Arrival.VOID;
    receivedValues = 0;
  }

  private void requireOwn(Fault fault) {
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
   * Whether a chunk of the current attempt is the next one of the contribution that was begun;
   * false if it means nothing any more.
   *
   * @throws IllegalArgumentException if it is out of order, or there is no such contribution
   */
  boolean expects(ValueChunk chunk) {
    if (chunk.step() != step || chunk.attempt() != attempt) {
      throw new IllegalArgumentException("a chunk before the contribution that it belongs to");
    }
    if (arrival == Arrival.COMPLETE) {
      throw new IllegalArgumentException("a chunk after the last one of its contribution");
    }
    if (arrival == Arrival.OPEN && chunk.offset() != receivedValues) {
      throw new IllegalArgumentException(
          String.format(
              "a chunk at value %s where the one at %d must follow",
              Integer.toUnsignedString(chunk.offset()), receivedValues));
    }
    return arrival == Arrival.OPEN;
  }

  /** The shards of the contribution. */
  BitSet shards() {
    return shards;
  }

  /**
   * Counts values that arrived.
   *
   * @return whether these were the last of {@code length}
   */
  boolean received(int values, int length) {
    receivedValues += values;
    if (receivedValues < length) {
      return false;
    }
    arrival = Arrival.COMPLETE;
    return true;
  }
}
