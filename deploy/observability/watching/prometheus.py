"""Debian's Prometheus, scraping a run as the configuration here says."""
import json
import math
import socket
import subprocess
import urllib.parse
import urllib.request

from watching.run import await_that


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prometheus:
    def __init__(self, folder, here, target):
        shipped = here / "prometheus.yml"
        subprocess.run(["promtool", "check", "config", shipped], check=True)
        self.instance = urllib.parse.urlsplit(target).netloc
        text = shipped.read_text()
        assert "127.0.0.1:9464" in text
        config = folder / "prometheus.yml"
        config.write_text(text.replace("127.0.0.1:9464", self.instance))
        self.url = f"http://127.0.0.1:{free_port()}"
        self.process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'prometheus'}",
                f"--web.listen-address={urllib.parse.urlsplit(self.url).netloc}",
                "--log.level=error",
            ]
        )

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait(30)

    def get(self, path, **parameters):
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}", timeout=30) as answer:
            return json.load(answer)["data"]

    def ask(self, expression):
        """The series that a query finds now."""
        return self.get("query", query=expression)["result"]

    def check_dashboard(self, file):
        """Every query of the dashboard finds numbers, and so does the list of runs."""
        await_that(
            "some scrapes while steps are done",
            lambda: self.ask("changes(weir_step[1m]) >= 2"),
        )
        dashboard = json.loads(file.read_text())
        queries = [
            (panel["title"], target["expr"].replace("$instance", self.instance))
            for panel in dashboard["panels"]
            for target in panel["targets"]
        ]
        for title, query in queries:
            found = self.ask(query)
            assert found, f"{title}: nothing is found by {query}"
            for series in found:
                assert math.isfinite(float(series["value"][1])), (title, query, series)
        names = self.get("label/instance/values", **{"match[]": "weir_step"})
        assert names == [self.instance], names
        await_that("the fault", lambda: self.ask('weir_faults_total{kind="lost"} == 1'))
        print(f"Prometheus answers all {len(queries)} queries of the Grafana dashboard")
