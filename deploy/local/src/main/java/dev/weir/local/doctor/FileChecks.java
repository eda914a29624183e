package dev.weir.local.doctor;

import dev.weir.job.Job;
import dev.weir.problem.UserException;
import dev.weir.task.Task;

/** Model and data of a job, as this machine finds them. */
final class FileChecks {
  private final Findings findings;

  FileChecks(Findings findings) {
    this.findings = findings;
  }

  /**
   * Loads both.
   *
   * @param modelDigest what the coordinator has, empty if there is none to compare with
   * @param dataDigest the same of the data
   */
  void run(Job job, String modelDigest, String dataDigest) {
    try (Task task = Task.load(job, job.training().threads(), "cpu")) {
      compare("model", task.model().digest(), modelDigest);
      compare("data", task.dataset().digest(), dataDigest);
    } catch (UserException e) {
      findings.wrong("files", e);
    }
  }

  private void compare(String what, String ours, String theirs) {
    if (theirs.isEmpty()) {
      findings.good(what, "loaded, digest " + ours);
    } else if (ours.equals(theirs)) {
      findings.good(what, "is the coordinator's, digest " + ours);
    } else {
      findings.wrong(
          what,
          "has digest " + ours + " here and " + theirs + " at the coordinator",
          "Give both machines the same files and the same version of Weir.");
    }
  }
}
