"""The README's first command, whole: real notebooks on the sample, every page, the deck and the summary."""

import json
import re

import pytest
from lxml import html
from pptx import Presentation
from reading_pdf import letters_of, pages_of, pictures_of, rows_missing, rows_of, text_of
from test_report_numbers import (
    assert_each_alteration_is_found,
    assert_each_alteration_of_a_pdf_is_found,
    disagreements,
    number,
    on_page,
    on_slides,
)

from continuity_analysis.figures.display_tables import OBJECTIVES
from continuity_analysis.reports.summary import numbers_of

NAMES = [
    "availability",
    "backup_health",
    "data_quality",
    "fleet",
    "quarterly_review",
    "recovery_points",
    "recovery_times",
    "restoration",
]


@pytest.fixture(scope="module")
def made(sample_run):
    return sample_run


@pytest.fixture(scope="module")
def summary(made):
    return json.loads((made.folder / "summary.json").read_text())


def test_everything_is_there_and_nothing_failed(made, summary):
    assert made.exit_code == 0
    assert summary["rejects"] == 0
    assert len(summary["services"]) == 10
    for name in NAMES:
        assert (made.folder / "notebooks" / f"{name}.ipynb").exists()
        assert 5_000 < (made.folder / f"{name}.html").stat().st_size < 3_000_000
        assert 5_000 < (made.folder / f"{name}.pdf").stat().st_size < 5_000_000


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_a_page_offers_its_data(made, name):
    figures = html.fromstring((made.folder / f"{name}.html").read_text(encoding="utf-8")).findall(".//figure")
    assert all(figure.xpath("figcaption//a[@download]") for figure in figures)
    assert not [caption for figure in figures for caption in figure.xpath("figcaption[contains(., 'too long')]")]


def test_no_page_calls_elsewhere(made):
    for path in made.folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""(src|srcset|data)\s*=\s*["']?\s*(https?:)?//""", text), path.name
        assert not re.search(r"""<(link|script|iframe)\b[^>]*(https?:)?//""", text), path.name
        assert not re.search(r"""(url\(|@import)\s*["']?(https?:)?//""", text), path.name


def test_every_number_of_the_summary_stands_on_index_page_and_deck(made, summary):
    index, _ = on_page((made.folder / "index.html").read_text(encoding="utf-8"))
    review, _ = on_page((made.folder / "quarterly_review.html").read_text(encoding="utf-8"))
    deck = on_slides((made.folder / "quarterly_review.pptx").read_bytes())
    assert sum(map(len, numbers_of(summary).values())) > 120
    for shown in (index, review, deck):
        assert set(shown) == set(numbers_of(summary))
        assert disagreements(summary, shown) == []
        assert_each_alteration_is_found(summary, shown)


def test_every_number_of_the_summary_stands_in_the_pdf(made, summary):
    shown = text_of((made.folder / "quarterly_review.pdf").read_bytes())
    assert len(rows_of(summary)) > 40
    assert rows_missing(summary, shown) == []
    assert_each_alteration_of_a_pdf_is_found(summary, shown)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_pdf_is_cut(made, name):
    pages = pages_of((made.folder / f"{name}.pdf").read_bytes())
    assert 3 < len(pages) < 25
    for page in pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert all(40 < x < width - 40 and 15 < y < height - 15 for x, y, _ in letters_of(page))
        assert all(0 < left < right < width and 0 < low < top < height for left, low, right, top in pictures_of(page))


def test_the_summary_is_what_the_library_says(sample_logs, summary):
    import continuity_analysis as ca

    card = ca.scorecard(sample_logs, "2026Q3").set_index(["service", "objective"])
    rows = {(s["service"], o["objective"]): o for s in summary["services"] for o in s["objectives"]}
    assert set(rows) == set(card.index)
    for key, row in rows.items():
        assert row["verdict"] == card.loc[key, "verdict"]
        assert row["n"] == card.loc[key, "n"]
        for name in ("target", "achieved", "previous"):
            told = float("nan") if row[name] is None else row[name]
            assert told == pytest.approx(card.loc[key, name], nan_ok=True) or card.loc[key, name] == float("inf")


def test_the_exact_numbers_ride_along_on_the_index(made, summary):
    _, exact = on_page((made.folder / "index.html").read_text(encoding="utf-8"))
    for service in summary["services"]:
        for row in service["objectives"]:
            if (key := (service["service"], OBJECTIVES[row["objective"]])) in exact:
                assert row["achieved"] == number(exact[key]["achieved"])


def test_the_deck_keeps_inside_its_slides(made):
    deck = Presentation(made.folder / "quarterly_review.pptx")
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles[0] == "Quarterly continuity review"
    assert titles[1].startswith("2026Q3: of "), "the answer comes first"
    assert 10 <= len(titles) <= 15
    assert any(slide.has_notes_slide and slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
