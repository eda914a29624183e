"""Headless Chromium, by Debian's driver."""
import base64
import json
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from watching.run import await_that

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
    " --disable-dev-shm-usage --force-device-scale-factor=1"
).split()
DESKTOP = (1180, 900)
PHONE = (360, 780)


class Browser:
    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in FLAGS + [f"--user-data-dir={self.profile.name}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.size(DESKTOP)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.driver.quit()
        self.profile.cleanup()

    def open(self, url):
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(url)

    def size(self, size):
        width, height = size
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE},
        )

    def scheme(self, scheme):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def script(self, code, *arguments):
        return self.driver.execute_script(code, *arguments)

    def text(self, selector):
        return self.script("return document.querySelector(arguments[0]).innerText", selector)

    def count(self, selector):
        return self.script("return document.querySelectorAll(arguments[0]).length", selector)

    def wait_for(self, selector, containing=""):
        await_that(
            f"{selector} with {containing!r}",
            lambda: self.script(
                "return [...document.querySelectorAll(arguments[0])]"
                ".some(e => (e.innerText ?? e.textContent).includes(arguments[1]))",
                selector,
                containing,
            ),
        )

    def press(self, key):
        ActionChains(self.driver).send_keys(key).perform()

    def tab_order(self, stops):
        """What has the focus, visibly, after each of so many presses of Tab from the top."""
        self.script(
            "document.body.tabIndex = -1; document.body.focus();"
            "document.body.removeAttribute('tabindex')"
        )
        order = []
        for _ in range(stops):
            self.press(Keys.TAB)
            name, outline = self.script(
                "const e = document.activeElement;"
                "return [e.id || e.getAttribute('href') || e.innerText,"
                "        getComputedStyle(e).outlineStyle]"
            )
            assert outline == "solid", f"nobody sees that {name} has the focus"
            order.append(name)
        return order

    def screenshot(self, file):
        self.script("document.activeElement.blur()")
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        picture = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot",
            {"format": "png", "captureBeyondViewport": True, "clip": {**size, "scale": 0.75}},
        )
        file.write_bytes(base64.b64decode(picture["data"]))

    def check_quiet(self, origin):
        """Since the page was opened, nothing complained and nothing was asked of another origin."""
        complaints = [e for e in self.driver.get_log("browser") if e["level"] == "SEVERE"]
        assert not complaints, complaints
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        assert any(url.startswith(origin) for url in asked), asked
        elsewhere = [u for u in asked if not u.startswith((origin, "data:"))]
        assert not elsewhere, elsewhere
