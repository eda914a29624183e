package dev.weir.worker;

import dev.weir.cli.Addresses;
import dev.weir.cli.DoorOptions;
import dev.weir.problem.UserException;
import dev.weir.wire.Endpoint;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * Where a worker serves others, if the job has the workers add.
 *
 * @param coordinator whose token and certificates are asked for there
 * @param listen as given; null for any port of the address by which the coordinator is reached
 * @param insecure whether others may reach it without TLS
 */
record Serving(Endpoint coordinator, @Nullable String listen, boolean insecure) {

  /**
   * The address.
   *
   * @throws UserException if it is none, or one that must not be listened on
   */
  InetSocketAddress address() {
    InetSocketAddress address =
        listen == null ? towardsCoordinator() : Addresses.parse("--listen", listen);
    DoorOptions.requireLocked(address, coordinator.credentials(), insecure);
    return address;
  }

  /** By which others reach {@code address}: every address of this machine is not one of them. */
  String hostOf(InetSocketAddress address) {
    return (address.getAddress().isAnyLocalAddress() ? towardsCoordinator() : address)
        .getHostString();
  }

  /** No packet is sent for this. */
  private InetSocketAddress towardsCoordinator() {
    try (DatagramSocket way = new DatagramSocket()) {
      way.connect(coordinator.lookedUp().address());
      return new InetSocketAddress(way.getLocalAddress(), 0);
    } catch (SocketException e) {
      throw new UserException(
          "communication.topology",
          "this machine's address towards " + coordinator + " is not known: " + e.getMessage(),
          "Say where other workers reach this one, by --listen HOST:PORT.");
    }
  }
}
