"""The explorer where it is used: JupyterLab in a real browser, the notebook run as it is, a service chosen."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium")
TOKEN = "of-this-test-only"
PATIENCE = 120
RUN_THROUGH = "() => ![...document.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('*'))"
SETTINGS = {  # no question about news over the page; cells out of sight stay in it
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on loopback, in a folder of its own with the notebook as it is and a few of the sample's logs."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks/explore.ipynb", folder / "notebooks")
    for part in ("pagerduty", "pbm"):
        shutil.copytree(ROOT / "data/sample" / part, folder / "data/sample" / part)
    shutil.copy(ROOT / "data/sample/services.yaml", folder / "data/sample")
    for name, settings in SETTINGS.items():
        file = folder / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))
    with running(folder) as url:
        yield url


@contextmanager
def running(folder):
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": str(ROOT)}
    own |= {f"JUPYTERLAB_{name}_DIR": str(folder / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={TOKEN}"]
    options += [f"--ServerApp.root_dir={folder}", "--LabApp.extension_manager=readonly"]
    options += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--ServerApp.port_retries=0"]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env=kept | own, stdout=log, stderr=log, cwd=folder
        )
        try:
            yield url_of(folder, server)
        finally:
            server.terminate()
            server.wait(timeout=30)


def url_of(folder, server):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        for file in (folder / "runtime").glob("jpserver-*.json"):
            found = json.loads(file.read_text() or "{}")
            if found.get("port"):
                return f"http://127.0.0.1:{found['port']}"
        time.sleep(0.2)
    raise AssertionError((folder / "server.log").read_text()[-2000:])


@pytest.fixture(scope="module")
def page(lab):
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        context = browser.new_context(viewport={"width": 1400, "height": 1300})
        context.set_default_timeout(PATIENCE * 1000)
        context.route(re.compile("^(?!http://127.0.0.1|data:|blob:)"), lambda route: route.abort())
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(f"{lab}/lab/tree/notebooks/explore.ipynb?token={TOKEN}")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.locator(".continuity-explorer img").first.wait_for()
        page.wait_for_function(RUN_THROUGH)
        yield page
        browser.close()


def keep(page, name):
    """A screenshot to look at, where EXPLORER_SHOTS names a folder."""
    if folder := os.environ.get("EXPLORER_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def visible_picture(page):
    return page.locator(".continuity-explorer img:visible").first


def changed_from(page, before):
    """The picture in sight, once it is another one than before."""
    page.wait_for_function(
        "before => [...document.querySelectorAll('.continuity-explorer img')]"
        ".some(i => i.offsetParent && i.complete && i.src !== before)",
        arg=before,
    )
    return visible_picture(page).get_attribute("src")


def first_column(page):
    table = page.locator(".continuity-explorer table:visible").first
    return table.locator("tbody tr td:first-child").all_inner_texts()


def test_a_service_chosen_changes_the_figure(page):
    first = visible_picture(page).get_attribute("src")
    page.get_by_label("Services").scroll_into_view_if_needed()
    keep(page, "1_first")
    page.get_by_label("Services").select_option("checkout")
    second = changed_from(page, first)
    keep(page, "2_checkout")
    assert first_column(page) == ["checkout"]
    page.get_by_label("Services").select_option(["checkout", "reporting"])
    changed_from(page, second)
    assert first_column(page) == ["checkout", "reporting", "the services chosen"]
    assert page.faults == []


def test_a_number_leads_to_its_incidents_and_to_all_that_is_known_of_one(page):
    page.get_by_role("tab", name="Incidents behind it").click()
    page.get_by_label("Of", exact=True).select_option(label="checkout (n = 7)")
    page.get_by_label("Of", exact=True).scroll_into_view_if_needed()
    page.locator("caption:visible", has_text="checkout: 7 incidents count").wait_for()
    page.get_by_role("tab", name="Timeline").click()
    before = changed_from(page, "")
    page.get_by_label("Incident", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.locator(".continuity-explorer h4").wait_for()
    changed_from(page, before)  # it is marked
    page.get_by_role("tab", name="Timeline").scroll_into_view_if_needed()
    keep(page, "3_timeline")
    page.locator(".continuity-explorer h4").scroll_into_view_if_needed()
    keep(page, "4_incident")
    assert "Where that stands" in page.locator(".continuity-explorer:has(h4)").inner_text()
    assert page.faults == []


def test_tabs_and_fields_are_used_by_keyboard_and_a_slip_is_one_sentence(page):
    page.get_by_role("tab", name="Timeline").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator(".continuity-explorer img[alt^='Hours of data']:visible").wait_for()
    keep(page, "5_exposure")
    page.get_by_label("Period", exact=True).fill("some day")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    keep(page, "6_fault")
    assert page.get_by_role("alert").inner_text().startswith('Expected a period such as "2026Q3"')
    page.get_by_label("Period", exact=True).fill("2026-08")
    page.keyboard.press("Enter")
    page.get_by_text("2026-08: 2026-08-01 00:00 UTC to 2026-09-01 00:00 UTC.").wait_for()
    assert page.get_by_role("alert").count() == 0
    assert page.get_by_label("Calendar").input_value() == "2026-08"
    assert page.faults == []
