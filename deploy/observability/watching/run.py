"""A short real run of `weir train`, of real sentences on one layer of the bundled model."""
import json
import os
import pathlib
import re
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
JOB = ROOT / "jobs/minilm-grammar.yaml"
PATIENCE = 300
SETTINGS = {
    "model.layers": "1",
    "model.maxLength": "32",
    "method.samples": "64",
    "training.steps": "80",
    "training.shards": "6",
    "training.evaluateEvery": "10",
    "communication.failureTimeout": "20s",
}


def await_that(what, condition, patience=PATIENCE):
    """Waits until the condition gives something, and returns that."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.2)
    raise AssertionError(f"waited {patience} s in vain for {what}")


class Run:
    def __init__(self, folder):
        self.folder = folder / "run"
        self.output = folder / "output.txt"
        command = [ROOT / "weir", "train", JOB, "--workers", "3"]
        command += ["--run-dir", self.folder, "--admin", "127.0.0.1:0"]
        for key, value in SETTINGS.items():
            command += ["--set", f"{key}={value}"]
        self.process = subprocess.Popen(
            command, stdout=self.output.open("w"), stderr=subprocess.STDOUT
        )

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def address(self):
        """Where its page is, once it is ready for workers."""
        found = self._await("its address", lambda: re.search(r"watch +(\S+)", self.text()))
        return found.group(1)

    def text(self):
        return self.output.read_text()

    def _await(self, what, condition):
        def alive():
            assert self.process.poll() is None, f"the run ended before {what}:\n{self.text()}"
            return condition()

        return await_that(what, alive)

    def steps(self):
        file = self.folder / "metrics.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return sum("loss" in json.loads(line) for line in lines if line.endswith("}"))

    def await_step(self, step):
        self._await(f"step {step}", lambda: self.steps() >= step)

    def kill(self, worker):
        """Kills a worker's process, which is known by its name on its command line."""
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                arguments = (entry / "cmdline").read_text().split("\0")
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if parent == self.process.pid and worker in arguments:
                os.kill(int(entry.name), signal.SIGKILL)
                return
        raise AssertionError(f"there is no process of {worker}")

    def await_end(self):
        code = self.process.wait(PATIENCE)
        assert code == 0, f"exit code {code}:\n{self.text()}"
