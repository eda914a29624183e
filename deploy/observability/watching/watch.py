"""Watches a real run as a person would."""
import argparse
import pathlib
import tempfile

from watching.browser import Browser
from watching.page import check_live, check_report, check_usable, show
from watching.prometheus import Prometheus
from watching.run import Run
from watching.web import check_door, check_served

HERE = pathlib.Path(__file__).resolve().parents[1]
WORKERS = ["worker-1", "worker-2", "worker-3"]
KILLED = WORKERS[1]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--screenshots", type=pathlib.Path, help="where to leave pictures")
    screenshots = arguments.parse_args().screenshots
    with tempfile.TemporaryDirectory() as folder, Run(pathlib.Path(folder)) as run:
        url = run.address()
        with Prometheus(pathlib.Path(folder), HERE, url) as prometheus, Browser() as browser:
            browser.open(url)
            run.await_step(10)
            run.kill(KILLED)
            check_live(browser, KILLED)
            check_served(url, WORKERS)
            prometheus.check_dashboard(HERE / "grafana-dashboard.json")
            run.await_end()
            browser.wait_for(".pill.ended")
            check_usable(browser)
            show(browser, screenshots, "dashboard")
            browser.check_quiet(url)

            report = run.folder / "report.html"
            browser.open(report.as_uri())
            check_report(browser)
            show(browser, screenshots, "report")
            browser.check_quiet(report.as_uri())
        check_door(pathlib.Path(folder))
    print("watched a run from its first step to its report")


if __name__ == "__main__":
    main()
