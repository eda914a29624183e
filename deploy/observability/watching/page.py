"""What the dashboard and the report must show, and to whom."""
from selenium.webdriver.common.keys import Keys

from watching.browser import DESKTOP, PHONE
from watching.run import await_that

# Lightness of the ground and contrast of text with it, as WCAG 2 defines them.
COLOURS = """
const luminance = colour => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = e => {
  const colour = getComputedStyle(e).backgroundColor;
  return colour.endsWith(', 0)') ? ground(e.parentElement) : colour;
};
const pairs = [...document.querySelectorAll('h1, h2, p, td, dt, dd b, pre, summary, footer a')]
  .map(e => [luminance(getComputedStyle(e).color), luminance(ground(e))]);
return [luminance(getComputedStyle(document.body).backgroundColor),
        Math.min(...pairs.map(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)))];
"""


def check_live(browser, killed):
    """The page follows a run whose worker was killed, without being loaded again."""
    browser.script("window.loadedOnce = true")
    browser.wait_for(".workers .pill.gone", "gone")
    browser.wait_for(".workers li.gone", killed)
    browser.wait_for("#events .fault", killed)
    browser.wait_for("#figures", "1 fault")
    for survivor in ("worker-1", "worker-3"):
        browser.wait_for(".workers li:not(.gone)", survivor)
        browser.wait_for(".workers li:not(.gone)", "shards")
    check_charts(browser)
    browser.wait_for("#wire", "times fewer bytes")
    before = browser.text("#status .steps b")
    browser.wait_for("#status .pill", "training")
    await_that("another step", lambda: browser.text("#status .steps b") != before)
    assert browser.script("return window.loadedOnce")


def check_charts(browser):
    """Curves of loss, of evaluations, and of throughput; the mask by layer and matrix."""
    for chart in ("#loss .c0 .line", "#loss .c1 .dot", "#evaluation .c0 .line", "#evaluation .c1"):
        browser.wait_for(chart)
    browser.wait_for("#throughput .line")
    layers = browser.script(
        "return [...document.querySelectorAll('#mask .layer')].map(e => e.textContent)"
    )
    assert layers == ["embeddings", "encoder.layer.0", "classifier"], layers
    assert browser.count("#mask image") > 10


def check_usable(browser):
    """By keyboard, on a phone, in the light and in the dark."""
    order = browser.tab_order(7)
    job, table = "The job file, as resolved", "By layer, in numbers"
    assert order == ["#charts", "events", "mask", table, job, "metrics", "trace.json"], order
    browser.tab_order(5)
    browser.press(Keys.ENTER)
    browser.wait_for("#job pre", "evaluateEvery: 10")
    browser.size(PHONE)
    wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.script(wide) <= 0, "the page is wider than a phone"
    browser.size(DESKTOP)
    for scheme, is_right in (("dark", lambda l: l < 0.1), ("light", lambda l: l > 0.8)):
        browser.scheme(scheme)
        lightness, contrast = browser.script(COLOURS)
        assert is_right(lightness), (scheme, lightness)
        assert contrast >= 4.5, (scheme, contrast)


def check_report(browser):
    """The report has the whole run, its tables, and where it ran."""
    check_charts(browser)
    browser.wait_for("#status", "all steps are done")
    for heading in ("Run", "Bytes", "Time", "Environment of the coordinator"):
        browser.wait_for("h2", heading)
    assert browser.count("script, link") == 0
    browser.size(PHONE)
    wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.script(wide) <= 0, "the report is wider than a phone"
    browser.size(DESKTOP)


def show(browser, folder, name):
    """Leaves pictures of the page as it is, if they are wanted."""
    if folder is None:
        return
    browser.scheme("light")
    browser.script("document.querySelectorAll('details').forEach(e => e.open = false)")
    browser.screenshot(folder / f"{name}-light.png")
    browser.scheme("dark")
    browser.screenshot(folder / f"{name}-dark.png")
    browser.size(PHONE)
    browser.screenshot(folder / f"{name}-phone.png")
    browser.size(DESKTOP)
    browser.scheme("light")
