"""Runs the base's coordinator and two of its workers as their manifests say, to the end of a short job.

    unshare --net --mount run_pods.py REPOSITORY RENDERED.yaml SECRETS.yaml JOB.yaml DIGEST FOLDER

The workers come first, when nobody knows the coordinator's name yet. In the middle the coordinator's node is drained, and
a new pod with another address goes on. A worker with another token is a user's mistake. Probes are asked as a kubelet does.
"""

import base64
import json
import pathlib
import sys
import time

import grpc
from pod import Cluster, Pod, image, load

SECONDS = 240


def main(repository, rendered, secrets, job, digest, folder):
    documents = load(rendered)
    for secret in load(secrets):
        name = ("Secret", secret["metadata"]["name"])
        documents = [d for d in documents if (d["kind"], d["metadata"]["name"]) != name] + [secret]
    cluster = Cluster(documents, folder, image(repository, folder))
    cluster.objects[("ConfigMap", "weir-job")]["data"]["job.yaml"] = pathlib.Path(job).read_text()
    try:
        train(cluster, digest)
    finally:
        cluster.kill()


def train(cluster, digest):
    coordinator_job = cluster.objects[("Job", "weir-coordinator")]["spec"]
    worker_job = cluster.objects[("Job", "weir-worker")]["spec"]

    workers = [Pod(cluster, f"weir-worker-{index}", worker_job["template"]).start() for index in (0, 1)]
    first = coordinator(cluster, coordinator_job, "a")
    for pod in [first, *workers]:
        until(f"{pod.name} is ready", lambda: probe(pod, "startupProbe") and probe(pod, "readinessProbe"), pod)
        assert probe(pod, "livenessProbe"), pod.name
    stranger(cluster, worker_job)

    metrics = next(mount for mount in first.mounts() if mount[1] == "/runs")[0] / "minilm-grammar/metrics.jsonl"
    until("some steps are done", lambda: metrics.exists() and metrics.read_text().count("\n") >= 5, first)
    first.terminate()
    code = first.wait(SECONDS)
    assert code == 143, (code, first.log.read_text())
    assert action(coordinator_job, code, "DisruptionTarget") == "Ignore"
    steps = metrics.read_text().count("\n")
    print(f"the coordinator was stopped at step {steps}: exit code {code}, which is ignored for a pod that is drained")

    second = coordinator(cluster, coordinator_job, "b")
    for pod in [second, *workers]:
        code = pod.wait(SECONDS)
        assert code == 0, (pod.name, code, pod.log.read_text())
    summary = json.loads((metrics.parent / "summary.json").read_text())
    assert metrics.read_text().count("\n") > steps, "it was stopped in the middle"
    assert summary["stateDigest"] == digest, (summary["stateDigest"], digest)
    print(f"a new coordinator and the same workers ended with exit code 0 and the local run's digest {digest[:16]}…")


def coordinator(cluster, job, suffix):
    pod = Pod(cluster, f"weir-coordinator-{suffix}", job["template"]).start()
    cluster.name({"weir-coordinator": pod.address})
    return pod


def stranger(cluster, job):
    secret = cluster.objects[("Secret", "weir-worker")]["data"]
    kept = secret["token"]
    secret["token"] = base64.b64encode(b"not the token of the run").decode()
    pod = Pod(cluster, "weir-worker-2", job["template"]).start()
    secret["token"] = kept
    code = pod.wait(SECONDS)
    assert code == 2, (code, pod.log.read_text())
    assert action(job, code) == "FailJob"
    print("a worker with another token ended with exit code 2, which fails the Job at once")


def action(job, code, *conditions):
    """What the Job's podFailurePolicy does about a pod that ended so."""
    for rule in job["podFailurePolicy"]["rules"]:
        exit_codes = rule.get("onExitCodes")
        if exit_codes and exit_codes["operator"] == "In" and code in exit_codes["values"]:
            return rule["action"]
        if any(condition["type"] in conditions for condition in rule.get("onPodConditions", [])):
            return rule["action"]
    return "Count"


def probe(pod, name):
    """One gRPC health check: the request and the answer are a protobuf message of one field each."""
    wanted = pod.container[name]["grpc"]
    service = wanted.get("service", "").encode()
    question = b"\x0a" + bytes([len(service)]) + service if service else b""
    with grpc.insecure_channel(f"{pod.address}:{wanted['port']}") as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        try:
            return check(question, timeout=pod.container[name]["timeoutSeconds"]) == b"\x08\x01"
        except grpc.RpcError:
            return False


def until(what, condition, pod):
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline or pod.process.poll() is not None:
            sys.exit(f"not so: {what}\n{pod.log.read_text()}")
        time.sleep(0.5)
    print(what)


main(*sys.argv[1:])
