package dev.weir.bench.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hosts of the benchmark's own: network namespaces, each joined to a switch by one link. Nothing
 * outside them is touched, and closing removes them.
 *
 * <p>A rate is held by a token bucket at both ends of a link ({@code tc … tbf}). A delay, which not
 * every kernel can add, is made by {@code delay.py}, which then is the switch.
 */
public final class Hosts implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DELAYED_MTU = 9000;

  private final String prefix = "weir" + ProcessHandle.current().pid() + "-";
  private final List<String> namespaces = new ArrayList<>();
  private final int count;
  private @Nullable Process delay;

  private Hosts(int count) {
    this.count = count;
  }

  /**
   * Hosts 0 … count−1 around one switch.
   *
   * @param peers the folder of {@code delay.py}
   */
  public static Hosts around(Link link, int count, Path peers) {
    Hosts hosts = new Hosts(count);
    try {
      for (int host = 0; host < count; host++) {
        hosts.makeNamespace(hosts.namespace(host));
      }
      if (link.isDelayed()) {
        hosts.makeDelay(link, peers);
      } else {
        hosts.makeSwitch(link);
      }
      return hosts;
    } catch (RuntimeException e) {
      hosts.close();
      throw e;
    }
  }

  private void makeNamespace(String name) {
    Shell.run("ip netns add " + name);
    namespaces.add(name);
    Shell.run("ip -n " + name + " link set lo up");
  }

  private void makeSwitch(Link link) {
    String center = prefix + "switch";
    makeNamespace(center);
    Shell.run("ip -n " + center + " link add bridge type bridge");
    Shell.run("ip -n " + center + " link set bridge up");
    for (int host = 0; host < count; host++) {
      String end = "end" + host;
      String name = namespace(host);
      Shell.run(
          "ip link add " + end + " netns " + center + " type veth peer name eth0 netns " + name);
      Shell.run("ip -n " + center + " link set " + end + " master bridge up");
      bringUp(host);
      if (link.isShaped()) {
        shape(center, end, link.megabits());
        shape(name, "eth0", link.megabits());
      }
    }
  }

  private void bringUp(int host) {
    Shell.run("ip -n " + namespace(host) + " addr add " + address(host) + "/24 dev eth0");
    Shell.run("ip -n " + namespace(host) + " link set eth0 up");
  }

  private static void shape(String namespace, String device, int megabits) {
    int burst = Math.max(128, megabits / 4); // KiB; no less than what one timer tick lets through.
    Shell.run(
        String.format(
            "tc -n %s qdisc add dev %s root tbf rate %dmbit burst %dkb latency 50ms",
            namespace, device, megabits, burst));
  }

  private void makeDelay(Link link, Path peers) {
    List<String> line = new ArrayList<>(List.of("python3", peers.resolve("delay.py").toString()));
    line.addAll(List.of("" + link.megabits(), "" + link.roundTripMs()));
    line.addAll(namespaces);
    try {
      Process started =
          new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      delay = started;
      String first = started.inputReader(StandardCharsets.UTF_8).readLine();
      if (!"ready".equals(first)) {
        throw new UserException(
            "delay.py", "did not start", "See its message above; it needs root and /dev/net/tun.");
      }
    } catch (IOException e) {
      throw new UserException("python3", "cannot be started: " + e.getMessage(), "Install it.");
    }
    for (int host = 0; host < count; host++) {
      Shell.run("ip -n " + namespace(host) + " link set eth0 mtu " + DELAYED_MTU);
      bringUp(host);
    }
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  private String namespace(int host) {
    return prefix + host;
  }

  /** The address of a host, the same in every set of hosts. */
  public static String address(int host) {
    return "10.77.0." + (host + 1);
  }

  /** What to start so that {@code command} runs on a host. */
  public List<String> on(int host, List<String> command) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace(host)));
    line.addAll(command);
    return line;
  }

  /** Bytes that a host has sent, headers of every layer included. */
  public long sentBytes(int host) {
    String json = Shell.run("ip -n " + namespace(host) + " -s -j link show dev eth0");
    try {
      return JSON.readTree(json).get(0).at("/stats64/tx/bytes").asLong();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("ip printed no JSON: " + json, e);
    }
  }

  @Override
  public void close() {
    if (delay != null) {
      delay.destroy();
    }
    for (String namespace : namespaces) {
      Shell.run("ip netns del " + namespace);
    }
    namespaces.clear();
  }
}
