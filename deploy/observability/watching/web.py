"""What a run serves besides its page, and to whom."""
import http.client
import json
import os
import re
import secrets
import subprocess
import urllib.parse

from watching.run import JOB, ROOT, await_that

# What a person who runs this wants to know: the list of the metrics, as Prometheus reads them.
SERIES = """
weir_step weir_steps_planned weir_step_duration_seconds_bucket weir_samples_total weir_loss
weir_step_phase_seconds_total{phase="compute"} weir_step_phase_seconds_total{phase="gather"}
weir_step_phase_seconds_total{phase="all-reduce"} weir_step_phase_seconds_total{phase="update"}
weir_step_phase_seconds_total{phase="waiting"} weir_wire_sent_bytes_total
weir_wire_received_bytes_total weir_wire_dense_bytes_total weir_mask_density{layer="embeddings"}
weir_workers_ready weir_workers_straggling weir_faults_total weir_recoveries_total
weir_checkpoint_age_seconds jvm_memory_used_bytes jvm_gc_pause_seconds_count process_cpu_usage
process_uptime_seconds system_cpu_count
""".split()


def ask(url, path, method="GET", **headers):
    """Status, headers and body of an answer; redirections are not followed."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def check_served(url, workers):
    """Health, all series, and a trace with a row for each worker; nothing can be changed."""
    for path in ("/healthz", "/readyz"):
        assert ask(url, path)[0] == 200, path
    for method in ("POST", "PUT", "DELETE"):
        assert ask(url, "/", method)[0] == 405, method
    assert ask(url, "/", Host="run.example.org")[0] == 401, "another page can look through a name"
    check_series(ask(url, "/metrics")[2])
    check_trace(json.loads(ask(url, "/trace.json")[2])["traceEvents"], workers)


def check_series(text):
    for wanted in SERIES:
        name, _, label = wanted.rstrip("}").partition("{")
        assert any(
            line.startswith((name + " ", name + "{")) and label in line
            for line in text.splitlines()
        ), f"/metrics has no {wanted}"


def check_trace(events, workers):
    rows = {e["tid"]: e["args"]["name"] for e in events if e["ph"] == "M"}
    names = sorted(name.split(" (")[0] for name in rows.values())
    assert names == sorted(["steps"] + workers), names
    spans = [e for e in events if e["ph"] == "X"]
    for row, name in rows.items():
        kinds = {e["name"] for e in spans if e["tid"] == row}
        assert name == "steps" or kinds >= {"compute", "gather", "all-reduce"}, (name, kinds)
    assert all(e["ts"] >= 0 and e["dur"] > 0 for e in spans)


def address(process, text):
    assert process.poll() is None, f"the coordinator ended:\n{text}"
    return re.search(r"watch +http://\S+:(\d+)/\?token=(\w+)", text)


def check_door(folder):
    """Where other machines could look, only who has the viewing token does."""
    output = folder / "door.txt"
    command = [ROOT / "weir", "coordinator", "--job", JOB, "--run-dir", folder / "door"]
    command += ["--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0"]
    environment = os.environ | {"WEIR_TOKEN": secrets.token_hex(24)}
    with output.open("w") as out:
        process = subprocess.Popen(
            command, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        printed = await_that("its address", lambda: address(process, output.read_text()))
        url, token = f"http://127.0.0.1:{printed[1]}", printed[2]
        for path in ("/", "/metrics", "/events", "/trace.json", "/?token=wrong"):
            assert ask(url, path)[0] == 401, path
        assert ask(url, "/healthz")[0] == 200
        assert ask(url, "/metrics", Authorization=f"Bearer {token}")[0] == 200
        status, headers, _ = ask(url, f"/?token={token}")
        assert status == 303 and "HttpOnly" in headers["Set-Cookie"], (status, headers)
        cookie = headers["Set-Cookie"].split(";")[0]
        assert ask(url, headers["Location"], Cookie=cookie)[0] == 200
    finally:
        process.terminate()
        process.wait(60)
