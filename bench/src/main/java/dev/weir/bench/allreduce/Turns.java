package dev.weir.bench.allreduce;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The turns that libraries take at one size, so that what else the machine does hits all alike. */
final class Turns {
  private static final int FEWEST = 3;
  private static final int MOST = 5_000;

  private final int bytes;
  private final double seconds;
  private final double warmUp;
  private final Map<String, Account> accounts = new LinkedHashMap<>();

  private static final class Account {
    private int rounds;
    private double[] seconds = new double[0];
    private long sent;
    private long least;
    private String remark = "";
  }

  /**
   * @param seconds of a turn, about
   * @param warmUp seconds before a library's first turn, about
   */
  Turns(int bytes, double seconds, double warmUp) {
    this.bytes = bytes;
    this.seconds = seconds;
    this.warmUp = warmUp;
  }

  /** Gives a library its turn. */
  void take(Library library, Ranks each) throws IOException {
    Account account = accounts.get(library.name());
    if (account == null) {
      account = new Account();
      account.rounds = warmUp(each);
      accounts.put(library.name(), account);
    }
    long before = LoopbackBytes.sent();
    double[] times = each.rounds(bytes, account.rounds);
    account.sent += LoopbackBytes.sent() - before;
    account.remark = each.remark();
    account.least += account.rounds * each.leastBytes(bytes);
    int had = account.seconds.length;
    account.seconds = Arrays.copyOf(account.seconds, had + times.length);
    System.arraycopy(times, 0, account.seconds, had, times.length);
  }

  /** Returns how many rounds fill a turn, once warm. */
  private int warmUp(Ranks each) throws IOException {
    int rounds = FEWEST;
    double slice = Math.max(seconds, warmUp / 10);
    long beganNs = System.nanoTime();
    do {
      double usual = Math.max(1e-6, Times.of(each.rounds(bytes, rounds)).median());
      rounds = (int) Math.max(FEWEST, Math.min(MOST, slice / usual));
    } while (System.nanoTime() - beganNs < warmUp * 1e9);
    return rounds;
  }

  Map<String, Measured> results() {
    Map<String, Measured> results = new LinkedHashMap<>();
    accounts.forEach(
        (name, account) -> {
          if (account.seconds.length > 0) {
            double overhead =
                account.sent == 0 ? Double.NaN : (double) account.sent / account.least;
            results.put(name, new Measured(Times.of(account.seconds), overhead, account.remark));
          }
        });
    return results;
  }
}
