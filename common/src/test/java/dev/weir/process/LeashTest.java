package dev.weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeashTest {
  /** Would run for an hour. */
  static final class Sleeper {
    public static void main(String[] arguments) throws Exception {
      Leash.hold();
      System.out.println(arguments[0]);
      TimeUnit.HOURS.sleep(1);
    }
  }

  /** Starts a sleeper and hands on what it prints. */
  static final class Parent {
    public static void main(String[] arguments) throws Exception {
      Process child = sleeper("child").start();
      System.out.println(child.pid());
      TimeUnit.HOURS.sleep(1);
      child.destroy();
    }
  }

  private static JavaProcess sleeper(String argument) {
    return process(Sleeper.class, argument);
  }

  private static JavaProcess process(Class<?> main, String argument) {
    return new JavaProcess(
        System.getProperty("java.class.path"), main.getName(), List.of(argument));
  }

  @Test
  void aProcessEndsWithTheOneThatStartedItEvenIfThatIsKilled() throws Exception {
    Process parent = process(Parent.class, "").start();
    long pid = Long.parseLong(parent.inputReader().readLine());
    ProcessHandle child = ProcessHandle.of(pid).orElseThrow();

    parent.destroyForcibly();

    child.onExit().get();
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void itEndsAsAfterSigterm() throws Exception {
    Process sleeper = sleeper("begun").start();
    assertThat(sleeper.inputReader().readLine()).isEqualTo("begun");

    sleeper.getOutputStream().close();

    assertThat(sleeper.waitFor()).isEqualTo(Leash.EXIT_CODE);
  }
}
