"""One set of numbers: `summary.json`, the index, the pages, the PDF and the deck agree to the digit."""

import io
import json
import math

import pandas as pd
import pytest
from lxml import html
from pptx import Presentation
from reading_pdf import rows_missing, text_of, with_one_digit_altered
from small_notebooks import FACTS, scorecard

from continuity_analysis.figures.display_tables import OBJECTIVES
from continuity_analysis.reports.index import index_page
from continuity_analysis.reports.results import Judged, ReportResult
from continuity_analysis.reports.summary import numbers_of, summarise, to_text
from continuity_analysis.words import UNKNOWN

HEADINGS = {
    "Target": "target",
    "Achieved": "achieved",
    "Expected (95 % interval)": "expected",
    "n": "n",
    "Previous period": "previous",
}


def on_page(page_text):
    """(service, objective) -> {name: text}, and the same with the exact numbers, of the tables on a page."""
    texts, exact = {}, {}
    for table in html.fromstring(page_text).iter("table"):
        names = [HEADINGS.get(cell.text_content()) for cell in table.xpath("thead//th")]
        if "achieved" in names:
            for row in table.xpath("tbody/tr"):
                cells = list(row)
                key = cells[0].text_content(), cells[1].text_content()
                texts[key] = {n: c.text_content() for n, c in zip(names, cells, strict=True) if n}
                exact[key] = {n: c.get("data-value") for n, c in zip(names, cells, strict=True) if n}
    return texts, exact


def on_slides(content):
    """(service, objective) -> {name: text} of the native tables of a deck."""
    found = {}
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                names = [HEADINGS.get(text) for text in rows[0]]
                if "achieved" in names:
                    found |= {(r[0], r[1]): {n: t for n, t in zip(names, r, strict=True) if n} for r in rows[1:]}
    return found


def disagreements(summary, shown):
    """What of a summary does not read the same where it is shown."""
    missing = numbers_of(summary)
    return [
        (key, name, text, shown.get(key, {}).get(name))
        for key, numbers in missing.items()
        for name, text in numbers.items()
        if shown.get(key, {}).get(name) != text
    ]


@pytest.fixture(scope="module")
def shown(run):
    folder = run[0].folder
    index, exact = on_page((folder / "index.html").read_text())
    review, _ = on_page((folder / "review.html").read_text())
    return {"index": index, "page": review, "deck": on_slides((folder / "review.pptx").read_bytes())}, exact


@pytest.fixture
def summary(run):
    return json.loads((run[0].folder / "summary.json").read_text())


@pytest.mark.parametrize("where", ["index", "page", "deck"])
def test_every_number_of_the_summary_stands_there(shown, summary, where):
    assert sum(map(len, numbers_of(summary).values())) > 60
    assert set(shown[0][where]) == set(numbers_of(summary))
    assert disagreements(summary, shown[0][where]) == []


def test_the_index_carries_the_exact_numbers(shown, summary):
    _, exact = shown
    for service in summary["services"]:
        for row in service["objectives"]:
            numbers = exact[service["service"], OBJECTIVES[row["objective"]]]
            assert row["achieved"] == number(numbers["achieved"])
            assert row["expected"]["low"] == number((numbers["expected"] or ";").split(";")[1])


def number(text):
    return float(text) if text else None


@pytest.mark.parametrize("where", ["index", "page", "deck"])
def test_one_digit_altered_is_found(shown, summary, where):
    assert_each_alteration_is_found(summary, shown[0][where])


def assert_each_alteration_is_found(summary, shown):
    """Each number that is shown, in turn, with another digit in each of its places."""
    altered = [(key, name, other) for key, texts in numbers_of(summary).items() for name in texts
               for other in other_digits(shown[key][name])]  # fmt: skip
    assert len(altered) > 120
    for key, name, other in altered:
        found = disagreements(summary, shown | {key: shown[key] | {name: other}})
        assert [what[:2] for what in found] == [(key, name)]


def other_digits(text):
    """A text with another digit, for each of its digits."""
    return [f"{text[:i]}{(int(letter) + 1) % 10}{text[i + 1 :]}" for i, letter in enumerate(text) if letter.isdigit()]


def test_every_number_of_the_summary_stands_in_the_pdf_and_no_other_digit(run, summary):
    shown = text_of((run[0].folder / "review.pdf").read_bytes())
    assert rows_missing(summary, shown) == []
    assert_each_alteration_of_a_pdf_is_found(summary, shown)


def assert_each_alteration_of_a_pdf_is_found(summary, shown):
    altered = list(with_one_digit_altered(summary, shown))
    assert len(altered) > 120
    assert [key for key, text in altered if rows_missing(summary, text) != [key]] == []


def test_a_file_altered_in_one_place_is_found(run, shown, summary):
    key, text = next((k, texts["achieved"]) for k, texts in shown[0]["page"].items() if texts["achieved"] != UNKNOWN)
    other = other_digits(text)[-1]
    folder = run[0].folder
    for name in ("index.html", "review.html"):
        page = (folder / name).read_text()
        at = page.index(f">{text}<", page.index(f">{key[1]}<", page.index("Achieved</th>")))
        found = on_page(f"{page[: at + 1]}{other}{page[at + 1 + len(text) :]}")[0]
        assert [what[:2] for what in disagreements(summary, found)] == [(key, "achieved")]
    deck = Presentation(folder / "review.pptx")
    cells = [c for slide in deck.slides for s in slide.shapes if s.has_table for c in s.table.iter_cells()]
    next(c for c in cells if c.text == text).text = other
    deck.save(saved := io.BytesIO())
    assert [what[:2] for what in disagreements(summary, on_slides(saved.getvalue()))] == [(key, "achieved")]


@pytest.mark.parametrize("name", ["target", "achieved", "previous"])
def test_one_number_altered_in_the_summary_is_found(shown, summary, name):
    row = summary["services"][2]["objectives"][1]
    row[name] = (row[name] or 0) + 60
    assert len(disagreements(summary, shown[0]["deck"])) == 1


def test_the_summary_is_as_designed(summary):
    assert list(summary) == ["version", "period", "as_of", "services", "reports", "rejects"]
    assert summary["period"] == {"start": "2026-06-30T22:00:00+00:00", "end": "2026-09-30T22:00:00+00:00"}
    assert summary["rejects"] == 16
    service = summary["services"][1]
    assert list(service) == ["service", "objectives"]
    availability, rpo, rto, restore = service["objectives"]
    assert availability == {
        "objective": "availability",
        "target": 0.999,
        "achieved": 0.9977654,
        "expected": {"estimate": 0.9985, "low": 0.99712, "high": 0.99931},
        "verdict": "BREACHED",
        "n": 13,
        "previous": 0.99942,
        "change": "no evidence of a change",
    }
    assert rpo["achieved"] is None, "what has no limit is no number in JSON"
    assert rto["achieved"] is None
    assert (restore["target"], restore["verdict"]) == (None, "NOT_SET")


def test_the_summary_is_json_for_strict_readers():
    frame = scorecard().assign(previous=math.inf, change=None, n=pd.NA)
    text = to_text(summarise(frame, FACTS))
    rows = [row for service in json.loads(text, parse_constant=int)["services"] for row in service["objectives"]]
    assert {row["previous"] for row in rows} == {row["n"] for row in rows} == {row["change"] for row in rows} == {None}


def test_the_index_opens_with_the_scorecard_and_links_to_everything(run):
    folder = run[0].folder
    root = html.fromstring((folder / "index.html").read_text())
    counts = {item.get("class"): item.find("strong").text for item in root.xpath("//ul[@class='tally']/li")}
    assert counts == {"breached": "6", "at_risk": "6", "insufficient": "6", "not_set": "6"}
    first = root.xpath("//div[@id='scorecard-table']//tbody/tr")[0]
    assert first.xpath("string(td[2])") == "Breached"
    assert len(root.xpath("//div[@id='scorecard-table']/details//tbody/tr")) == 6, "what was not promised is folded"
    links = root.xpath("//ul[@class='reports']//a/@href")
    assert links[:4] == ["review.html", "review.pdf", "review.pptx", "notebooks/review.ipynb"]
    assert all((folder / link).is_file() for link in root.xpath("//a/@href") if not link.startswith("#"))
    assert "2026Q2" in root.text_content()
    assert "Broken is not complete" in root.text_content()


def test_the_index_of_a_run_without_any_objective_or_service():
    report = ReportResult("a", "A", "Why?", "notebooks/a.ipynb")
    nothing = html.fromstring(index_page(FACTS, [report], judged=Judged(scorecard().head(0))))
    assert not nothing.xpath("//div[@id='scorecard-table']")
    unset = scorecard().query("verdict == 'NOT_SET'")
    root = html.fromstring(index_page(FACTS, [report], judged=Judged(unset)))
    assert len(root.xpath("//div[@id='scorecard-table']/div//tbody/tr")) == len(unset)
