package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Mistakes that people make: what they are told, and the exit code 2. */
@Execution(ExecutionMode.CONCURRENT)
class MistakesTest {
  @TempDir Path folder;

  @BeforeEach
  void writeJob() throws Exception {
    SmallJob.write(folder);
  }

  @Test
  void aMissingJobFile() throws Exception {
    refused(List.of("train", "missing.yaml"), "missing.yaml");
  }

  @Test
  void severalProblemsOfAJobAreReportedAtOnceWithTheirLines() throws Exception {
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        method:
          name: fischer
          density: 2
        training:
          batchSize: 4
          shards: 8
          stepps: 10
        """);

    refused(
        List.of("train", "job.yaml"),
        "job.yaml:2",
        "fischer",
        "fisher",
        "job.yaml:3",
        "method.density",
        "job.yaml:7",
        "training.steps");
  }

  @Test
  void moreShardsThanSamples() throws Exception {
    refused(trainWith("training.shards=9"), "training.shards", "9", "8");
  }

  @Test
  void aDensityOfZero() throws Exception {
    refused(trainWith("method.density=0"), "method.density", "0");
  }

  @Test
  void aDensityThatLeavesNoRoomForTheHead() throws Exception {
    refused(trainWith("method.density=1e-5"), "method.density", "770");
    assertThat(folder.resolve("runs")).as("nothing is left behind").isEmptyDirectory();
  }

  @Test
  void aMissingDataFile() throws Exception {
    refused(trainWith("data.train=nowhere.csv"), "nowhere.csv");
  }

  @Test
  void aColumnThatIsNotThere() throws Exception {
    refused(trainWith("data.labelColumn=label"), "sentences.csv", "label", "verdict");
  }

  @Test
  void dataOfOneClassOnly() throws Exception {
    Files.writeString(
        folder.resolve("sentences.csv"),
        IntStream.range(0, 40)
            .mapToObj(i -> "sentence " + i + ",right\n")
            .collect(Collectors.joining("", "sentence,verdict\n", "")));

    refused(List.of("train", "job.yaml"), "sentences.csv", "right");
  }

  @Test
  void aPortInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      refused(List.of("train", "job.yaml", "--port", port), "127.0.0.1:" + port, "--port");
    }
  }

  @Test
  void aDeltaThatIsCorruptOrBelongsToAnotherModel() throws Exception {
    WeirProcess.train(folder, "run", "job.yaml", "--workers", "1");
    Path job = folder.resolve("run/job.yaml");
    String original = Files.readString(job);
    Files.writeString(job, original.replace("layers: 1", "layers: 2"));
    refused(List.of("eval", "run"), "delta.safetensors", "base");

    Files.writeString(job, original);
    Path delta = folder.resolve("run/delta.safetensors");
    byte[] bytes = Files.readAllBytes(delta);
    bytes[bytes.length - 100] ^= 1;
    Files.write(delta, bytes);
    refused(List.of("eval", "run"), "delta.safetensors");

    refused(List.of("train", "job.yaml", "--run-dir", "run"), "--run-dir", "--resume");
  }

  @Test
  void aFolderThatIsNoRun() throws Exception {
    refused(List.of("eval", "elsewhere"), "elsewhere", "job.yaml");
    refused(List.of("train", "--resume", "elsewhere"), "elsewhere");
  }

  @Test
  void aWorkerWithoutACoordinator() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    List<String> worker =
        List.of("worker", "--coordinator", "127.0.0.1:" + free, "--connect-timeout", "1");

    refused(worker, Map.of("WEIR_TOKEN", "0123456789abcdef"), "127.0.0.1:" + free, "--coordinator");
    refused(worker, Map.of(), "WEIR_TOKEN", "not set");
  }

  @Test
  void aCoordinatorWhoseNameNobodyKnows() throws Exception {
    refused(
        List.of("worker", "--coordinator", "nowhere.invalid:7070", "--connect-timeout", "1"),
        Map.of("WEIR_TOKEN", "0123456789abcdef"),
        "nowhere.invalid",
        "is not known to this machine's resolver",
        "trying for 1 s");
  }

  @Test
  void aJobThatIsNotTheOneOfTheRun() throws Exception {
    WeirProcess.train(folder, "run", "job.yaml", "--workers", "1");
    Path other = folder.resolve("other.yaml");
    Files.writeString(other, Files.readString(folder.resolve("job.yaml")) + "seed: 2\n");
    refused(
        List.of("coordinator", "--run-dir", "run", "--resume", "--job", "other.yaml"),
        Map.of("WEIR_TOKEN", "0123456789abcdef"),
        "--job",
        "run/job.yaml");
    refused(
        List.of("coordinator", "--run-dir", "run"),
        Map.of("WEIR_TOKEN", "0123456789abcdef"),
        "holds a run that has begun",
        "--resume");
    Path own = folder.resolve("run/job.yaml");
    Files.writeString(own, Files.readString(own).replaceFirst("seed: \\d+", "seed: 77"));
    refused(
        List.of("train", "--resume", "run"), "run/job.yaml", "began with 'seed: ", "'seed: 77'");
  }

  @Test
  void numbersThatMakeNoSense() throws Exception {
    Map<String, String> token = Map.of("WEIR_TOKEN", "0123456789abcdef");
    refused(
        List.of("coordinator", "--run-dir", ".", "--await-workers", "0"),
        token,
        "--await-workers",
        "less than 1");
    refused(
        List.of("worker", "--coordinator", "127.0.0.1:9", "--connect-timeout", "-1"),
        token,
        "--connect-timeout",
        "less than 0");
  }

  @Test
  void aDamagedMaskOfTheRunIsNamedByItsPath() throws Exception {
    WeirProcess.train(folder, "run", "job.yaml", "--workers", "1");
    Path mask = folder.resolve("run/mask.weir");
    byte[] bytes = Files.readAllBytes(mask);
    bytes[bytes.length / 2] ^= 1;
    Files.write(mask, bytes);
    refused(
        List.of("train", "--resume", "run"),
        "run/mask.weir: is not a whole mask",
        "Put back a whole copy of it");
    refused(
        List.of("coordinator", "--run-dir", "run", "--resume", "--listen", "127.0.0.1:0"),
        Map.of("WEIR_TOKEN", "0123456789abcdef"),
        "run/mask.weir: is not a whole mask");
  }

  @Test
  void aKeyOfAnotherCertificate() throws Exception {
    for (String name : List.of("certs", "others")) {
      assertThat(WeirProcess.run(folder, "certs", name).exitCode()).isZero();
      Files.copy(folder.resolve(name + "/coordinator/key.pem"), folder.resolve(name + "-key.pem"));
    }
    Files.move(
        folder.resolve("others-key.pem"),
        folder.resolve("certs/coordinator/key.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    refused(
        List.of("coordinator", "--run-dir", ".", "--certs", "certs/coordinator"),
        Map.of("WEIR_TOKEN", "0123456789abcdef"),
        "certs/coordinator/key.pem: this private key does not belong to the certificate in"
            + " certs/coordinator/cert.pem",
        "weir certs");
  }

  private static List<String> trainWith(String override) {
    return List.of("train", "job.yaml", "--set", override);
  }

  private void refused(List<String> arguments, String... parts) throws Exception {
    refused(arguments, Map.of(), parts);
  }

  private void refused(List<String> arguments, Map<String, String> environment, String... parts)
      throws Exception {
    WeirProcess.Result result =
        WeirProcess.start(folder, new ArrayList<>(arguments), environment).await();
    assertThat(result.exitCode()).as(result.output()).isEqualTo(2);
    assertThat(result.output()).contains(parts).doesNotContain("\tat ", "Exception");
  }
}
