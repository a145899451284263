"""Pages in a real browser, without a network: tables sort, filter and unfold, links lead on, all is within reach."""

import json
import re
import shutil
from importlib import resources

import pandas as pd
import pytest
from small_notebooks import code, displayed, notebook, text
from test_report_html import png

from continuity_analysis.figures.drawn_data import MIME
from continuity_analysis.models.verdicts import VERDICTS
from continuity_analysis.reports.history import PastRun, history_page
from continuity_analysis.reports.html import page

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
AXE = resources.files("axe_playwright_python") / "axe.min.js"
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, run):
    """Opens a page of the run; afterwards nothing was asked of a network, and the console held no error."""
    folder, asked, said = run[0].folder, [], []
    contexts = []

    def open_page(name, *, folder=folder, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.route(re.compile("^(?!file:|data:)"), lambda route: asked.append(route.request.url) or route.abort())
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((folder / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert (asked, said) == ([], [])


def column(page, table, place):
    rows = page.locator(f"{table} tbody tr:visible")
    return [row.locator("th, td").nth(place).inner_text() for row in rows.all()]


def test_a_table_sorts_by_the_numbers_behind_its_cells(opened):
    page = opened("review.html")
    table = ".table-box:has(caption:text-is('Incidents'))"
    assert column(page, table, 1)[:3] == ["0 s", "1 h", "2 h"]
    heading = page.locator(f"{table} thead th").nth(1)
    heading.locator("button").click()
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert column(page, table, 0)[:3] == ["service-69", "service-68", "service-67"]
    assert len(column(page, table, 0)) == 30  # the rest is folded away, whatever the order
    page.locator(f"{table} thead th").nth(0).locator("button").click()
    assert heading.get_attribute("aria-sort") is None
    assert column(page, table, 0)[:3] == ["service-0", "service-1", "service-2"]


def test_a_table_filters_in_its_folded_rows_too(opened):
    page = opened("review.html")
    table = ".table-box:has(caption:text-is('Incidents'))"
    page.get_by_label("Filter: Incidents").fill("service-6")
    assert column(page, table, 0) == ["service-6", *(f"service-{n}" for n in range(60, 70))]
    assert (
        page.locator("label.filter", has=page.get_by_label("Filter: Incidents")).inner_text().endswith("11 of 70 rows")
    )
    page.get_by_label("Filter: Incidents").fill("")
    assert len(column(page, table, 0)) == 30


def test_a_folded_table_unfolds_in_place(opened):
    page = opened("review.html")
    table = ".table-box:has(caption:text-is('Incidents'))"
    page.get_by_role("button", name="The other 40 rows").click()
    assert len(column(page, table, 0)) == 70
    assert page.get_by_role("button", name="The other 40 rows").count() == 0


def test_unknown_values_come_last_and_those_without_limit_first_of_the_largest(opened):
    page = opened("index.html")
    table = "#scorecard-table .table-box"
    names = page.locator(f"{table} thead th").all_inner_texts()
    heading = page.locator(f"{table} thead th").nth(names.index("Achieved"))
    for _ in range(2):
        heading.locator("button").click()
    values = page.locator(f"{table} tbody tr").evaluate_all(
        f"rows => rows.map(r => r.cells[{names.index('Achieved')}].innerText)"
    )
    assert values[0] == "without limit"
    known = [value != "—" for value in values]
    assert known == sorted(known, reverse=True)


def test_every_link_of_the_index_leads_to_a_file(opened, run):
    page = opened("index.html")
    targets = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert {"review.html", "review.pptx", "summary.json", "notebooks/review.ipynb"} <= set(targets)
    for target in targets:
        assert target.startswith("#") or (run[0].folder / target).is_file(), target
    page.locator("a[href='review.html']").click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "Quarterly review"
    page.locator(".crumb a").click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "Continuity report"


@pytest.fixture(scope="module")
def past(run, tmp_path_factory):
    """A copy of the run, and the page that compares it and eleven made up before it, whose links lead nowhere."""
    summary = json.loads((run[0].folder / "summary.json").read_text(encoding="utf-8"))
    runs = []
    for back in range(12):
        begin, end = (pd.Timestamp(m) - pd.DateOffset(months=3 * back) for m in summary["period"].values())
        rows = [[row | {"verdict": VERDICTS[(back + i) % 4]} for i, row in enumerate(service["objectives"])]
                for service in summary["services"]]  # fmt: skip
        services = [s | {"objectives": r} for s, r in zip(summary["services"], rows, strict=True)]
        ends = {"start": begin.isoformat(), "end": end.isoformat()}
        runs.append(PastRun("", f"{begin.year}Q{begin.quarter}", "", summary | {"period": ends, "services": services}))
    folder = shutil.copytree(run[0].folder, tmp_path_factory.mktemp("past") / "run")
    (folder / "past.html").write_text(history_page(runs), encoding="utf-8")
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "review.html", "broken.html", "past.html"])
def test_no_serious_fault_of_accessibility(opened, past, name, scheme):
    page = opened(
        name, folder=past, color_scheme=scheme, viewport={"width": 400 if scheme == "dark" else 1280, "height": 900}
    )
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in SERIOUS] == []


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("name", ["index.html", "review.html", "past.html"])
def test_no_page_is_wider_than_its_window(opened, past, name, width):
    page = opened(name, folder=past, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_tables_are_used_by_keyboard(opened):
    page = opened("review.html")
    page.get_by_label("Filter: Incidents").focus()
    page.keyboard.type("service-42")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the box, which may scroll, to its first heading
    page.keyboard.press("Enter")
    table = ".table-box:has(caption:text-is('Incidents'))"
    assert page.locator(f"{table} thead th").nth(0).get_attribute("aria-sort") == "ascending"
    assert column(page, table, 0) == ["service-42"]


def test_a_figure_is_reached_by_keyboard_where_it_scrolls(opened):
    for width, index in ((400, "0"), (1280, None)):
        page = opened("review.html", viewport={"width": width, "height": 900})
        assert page.locator(".drawing").first.get_attribute("tabindex") == index


def test_a_caption_stays_in_sight_while_its_table_scrolls(opened):
    page = opened("review.html", viewport={"width": 400, "height": 900})
    box = page.locator(".table-box").first
    box.evaluate("box => box.scrollLeft = 1000")
    assert box.evaluate("box => box.scrollLeft") > 0
    place = page.locator(".table-box caption").first.bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 400


@pytest.mark.parametrize("name", ["index.html", "review.html"])
def test_no_column_is_cut_on_paper(opened, name):
    page = opened(name, viewport={"width": 690, "height": 1000})  # A4 within its margins [px]
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 690


def test_all_rows_are_printed(opened):
    page = opened("review.html")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(column(page, ".table-box:has(caption:text-is('Incidents'))", 0)) == 70
    assert page.locator("label.filter:visible").count() == 0


def test_the_data_of_a_figure_is_saved_by_a_click(opened, tmp_path):
    frame = pd.DataFrame({"service": ["caffè, “#1”", "50% & more"], "median_hours": [1 / 3, None]})
    long = pd.DataFrame({"hours": range(20_000)})
    data = [{"figure": "medians", "table": name, "rows": len(f), "csv": f.to_csv(index=False)} for name, f in
            (("restoration", frame), ("survival", long))]  # fmt: skip
    output = displayed(png=png())
    output.data[MIME] = data
    (tmp_path / "one.html").write_text(
        page(notebook(text("# T\n\nWhy?"), code("", outputs=[output])), None, name="one")
    )
    shown = opened("one.html", folder=tmp_path, accept_downloads=True)
    for name, expected in (("restoration", frame), ("survival", long)):
        with shown.expect_download() as saved:
            shown.get_by_role("link", name=f"data (CSV): {name}").click()
        file = saved.value.suggested_filename
        assert file == f"medians.{name}.csv{'.gz' * (name == 'survival')}"
        saved.value.save_as(tmp_path / file)
        pd.testing.assert_frame_equal(pd.read_csv(tmp_path / file), expected, check_exact=True, check_dtype=False)
    assert (tmp_path / "medians.restoration.csv").read_text().splitlines()[0] == "service,median_hours"
