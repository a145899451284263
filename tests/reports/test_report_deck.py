"""Decks: what slide metadata says, as editable text and native tables, with nothing clipped."""

import io
import itertools

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE as SHAPE
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.util import Inches, Pt
from small_notebooks import FACTS, broken, code, displayed, notebook, scorecard, text
from test_report_html import png

from continuity_analysis.errors import InputError
from continuity_analysis.figures.charts import CHART
from continuity_analysis.figures.display_tables import SCORECARD_ON_SLIDES, DisplayTable, scorecard_table
from continuity_analysis.figures.sentences import Finding
from continuity_analysis.reports.deck import make_deck
from continuity_analysis.reports.deck_content import has_slides, read_slides
from continuity_analysis.reports.deck_parts import Paragraph, Run, Table
from continuity_analysis.reports.deck_tables import Fitting
from continuity_analysis.reports.deck_text import SMALLEST, Ruler
from continuity_analysis.reports.deck_theme import read_template

LOREM = "Availability is the share of agreed hours in which a service was up, weighted by how much of it was lost. "


def deck(*cells, template=None):
    return Presentation(io.BytesIO(make_deck(notebook(*cells), FACTS, name="some_deck", template=template)))


def titles(presentation):
    return [slide.shapes.title.text for slide in presentation.slides]


def titled(presentation, title):
    return next(slide for slide in presentation.slides if slide.shapes.title.text == title)


def of_kind(slide, kind):
    return [shape for shape in slide.shapes if shape.shape_type == kind]


def tables(presentation):
    found = (shape.table for slide in presentation.slides for shape in slide.shapes if shape.has_table)
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found]


def sizes(presentation):
    """Sizes [pt] of all text that states one."""
    trees = [slide.shapes._spTree for slide in presentation.slides]
    return {int(size) / 100 for tree in trees for size in tree.xpath(".//a:rPr/@sz")}


def overflowing(presentation):
    """Shapes that leave their slide, stand on each other, or hold more text than fits them."""
    wide, high, found = presentation.slide_width, presentation.slide_height, []
    for slide in presentation.slides:
        shapes = [shape for shape in slide.shapes if shape.height and not is_small_print(shape)]
        for shape in shapes:
            inside = shape.left >= 0 and shape.top >= 0 and shape.left + shape.width <= wide + 2
            if not inside or shape.top + shape.height > high:
                found.append((slide.shapes.title.text, shape.name, "leaves the slide"))
            if shape.has_text_frame and text_height(shape) > shape.height / Pt(1) + 8:
                found.append((slide.shapes.title.text, shape.name, "holds too much text"))
        ordered = sorted((s for s in shapes if not s.is_placeholder or s.text_frame.text), key=lambda s: s.top)
        for upper, lower in itertools.pairwise(ordered):
            if upper.top + upper.height > lower.top + Pt(9):
                found.append((slide.shapes.title.text, upper.name, "stands on", lower.name))
    return found


def is_small_print(shape):
    kinds = (KIND.FOOTER, KIND.SLIDE_NUMBER, KIND.DATE)
    return shape.is_placeholder and shape.placeholder_format.type in kinds


def text_height(shape):
    ruler, total = Ruler("Arial"), 0.0
    for line in shape.text_frame.paragraphs:
        size = max((run.font.size.pt for run in line.runs if run.font.size), default=0)
        part = [Paragraph((Run(line.text),), line.level)]
        total += ruler.height(part, size, within=shape.width / Pt(1)) if size else 0
    return total


@pytest.fixture(scope="module")
def review(run):
    return Presentation(run[0].folder / "review.pptx")


def test_slides_follow_the_metadata(review):
    plain = [title.split(" (")[0] for title in titles(review)]
    assert list(dict.fromkeys(plain)) == ["Quarterly review", "Where we stand", "Down time", "Every incident"]
    assert titles(review)[1].startswith("Where we stand (1 of ")
    said = " ".join(s.text_frame.text for slide in review.slides for s in slide.shapes if s.has_text_frame)
    assert "Only on the page" not in said
    assert "Did we keep what we promised?" in said
    assert "2026-07-01 to 2026-09-30 (Europe/Rome)" in said


def test_the_file_says_nothing_of_who_made_the_template():
    about = deck(text("# Review", "slide")).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("continuity_analysis", "continuity_analysis", "")
    assert (about.subject, about.modified) == (FACTS.period.name, FACTS.as_of.tz_localize(None).to_pydatetime())


def test_text_becomes_bullets_with_levels_and_emphasis(review):
    body = next(p for p in review.slides[1].placeholders if p.placeholder_format.type == KIND.OBJECT)
    assert [(line.text, line.level) for line in body.text_frame.paragraphs] == [
        ("Verdicts are on what was achieved.", 0), ("one point", 0), ("and its detail", 1),
    ]  # fmt: skip
    assert [run.text for run in body.text_frame.paragraphs[0].runs if run.font.bold] == ["achieved"]
    assert [run.text for run in body.text_frame.paragraphs[2].runs if run.font.italic] == ["detail"]


def test_figures_are_whole_pictures_with_words(review):
    slide = titled(review, "Down time")
    picture = of_kind(slide, SHAPE.PICTURE)[0]
    assert (picture.crop_left, picture.crop_right, picture.crop_top, picture.crop_bottom) == (0, 0, 0, 0)
    width, height = picture.image.size
    assert picture.width / picture.height == pytest.approx(width / height, rel=0.01)
    assert picture._element.nvPicPr.cNvPr.get("descr") == (
        "Down time: Each point is an hour of down time, summed over services."
    )
    assert picture.width > review.slide_width / 3


def test_speaker_notes(review):
    assert review.slides[0].notes_slide.notes_text_frame.text == "Say hello."
    assert review.slides[1].notes_slide.notes_text_frame.text == "Say which were missed."
    assert not titled(review, "Down time").has_notes_slide


def test_tables_are_native_and_verdicts_are_coloured_words(review):
    shape = next(shape for shape in review.slides[1].shapes if shape.has_table)
    table = shape.table
    header = [cell.text for cell in table.rows[0].cells]
    cell = table.cell(1, header.index("Verdict"))
    assert cell.text == "Breached"
    assert str(cell.fill.fore_color.rgb) == "FBE0D2"
    assert table.cell(0, 0).text_frame.paragraphs[0].runs[0].font.bold
    assert shape._element.nvGraphicFramePr.cNvPr.get("descr") == "Objectives and what was achieved, worst first"


def test_a_long_table_goes_on_with_no_row_lost(review):
    rows = [row for table in tables(review) if table[0] == ["Service", "Down"] for row in table[1:]]
    assert [row[0] for row in rows] == [f"service-{i}" for i in range(70)]
    counters = [title for title in titles(review) if title.startswith("Every incident")]
    assert counters == [f"Every incident ({i + 1} of {len(counters)})" for i in range(len(counters))]


def test_nothing_is_clipped_or_too_small(review):
    assert overflowing(review) == []
    assert min(sizes(review)) >= SMALLEST


def test_slides_are_numbered_and_say_what_they_belong_to(review):
    for number, slide in enumerate(list(review.slides)[1:], start=2):
        small = {s.placeholder_format.type: s for s in slide.placeholders if is_small_print(s)}
        assert small[KIND.SLIDE_NUMBER].element.xpath(".//a:fld[@type='slidenum']")
        assert small[KIND.SLIDE_NUMBER].text_frame.paragraphs[0]._p.xpath("string(.//a:t)") == str(number)
        assert small[KIND.FOOTER].text_frame.text == "Quarterly review · 2026Q3"


def test_the_deck_is_sixteen_by_nine_with_three_layouts(review):
    assert review.slide_width / review.slide_height == pytest.approx(16 / 9, rel=0.01)
    assert len(review.slide_layouts) == 3
    assert b"Arial" in review.slide_master.part.part_related_by(THEME).blob


THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"


def stress():
    """Cells that hardly fit: much text, a tall and a wide figure, a table of many long columns."""
    wide = DisplayTable("Wide", tuple(f"column number {i}" for i in range(16)), (("some long words " * 2,) * 16,) * 9)
    long = DisplayTable("Long", ("a", "b"), (("x" * 300, LOREM * 4),) * 7)
    return [
        text("# " + "A very long title of a deck " * 4 + "\n\nQ?\n\nMore on the first cell.", "slide"),
        text("## Much text\n\n" + "\n\n".join(LOREM * 3 for _ in range(9)), "slide"),
        text("## " + "A long title " * 16 + f"\n\n{LOREM * 60}", "slide"),
        text("## Tall\n\n" + LOREM * 5, "slide"),
        code("", "-", outputs=[displayed(png=png(200, 900)), displayed(png=png(1600, 200))]),
        text("## Tables", "subslide"),
        code("", "fragment", outputs=[displayed(table=wide.to_json()), displayed(table=long.to_json())]),
        text("No heading here, only words.", "slide"),
        code("", "-", outputs=[displayed(table=scorecard_table(scorecard(12)).to_json())]),
    ]


def template(path, change):
    made = Presentation()
    change(made)
    made.save(path)
    return path


def with_old_slides(made):
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "Old"
    made.slides.add_slide(made.slide_layouts[1]).notes_slide.notes_text_frame.text = "old notes"
    section = (
        '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:ext uri="{521415D9}">'
        '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"/></p:ext></p:extLst>'
    )
    made.part._element.append(etree.fromstring(section))


def only(*names):
    def change(made):
        for layout in [layout for layout in made.slide_layouts if layout.name not in names]:
            made.slide_layouts.remove(layout)

    return change


def off_the_slide(made):
    """Sixteen by nine with layouts left at four by three, and a body that hardly has a place."""
    made.slide_width, made.slide_height = Inches(20), Inches(11.25)
    only("Title Slide", "Title and Content")(made)
    body = made.slide_layouts[1].placeholders[1]
    body.left, body.top, body.width, body.height = Inches(1), Inches(9), Inches(2), Inches(1)


TEMPLATES = {
    "four by three with slides": with_old_slides,
    "titles only": only("Title Only", "Blank"),
    "content only": only("Title and Content"),
    "off the slide": off_the_slide,
}


@pytest.mark.parametrize("change", [None, *TEMPLATES.values()], ids=["our own", *TEMPLATES])
def test_what_hardly_fits_is_made_smaller_then_goes_on(tmp_path, change):
    path = template(tmp_path / "corporate.pptx", change) if change else None
    made = deck(*stress(), template=path)
    assert overflowing(made) == []
    assert min(sizes(made)) >= SMALLEST
    assert "Old" not in titles(made)
    empty = [s.name for slide in made.slides for s in slide.placeholders if not s.text_frame.text]
    assert empty == []
    assert len(made.slides) - 1 == sum(
        bool(slide._element.xpath(".//a:fld[@type='slidenum']")) for slide in made.slides
    )
    said = "".join(s.text_frame.text for slide in made.slides for s in slide.shapes if s.has_text_frame)
    assert said.count("Availability is the share") == 27 + 60 + 5
    cells = [cell for table in tables(made) for row in table for cell in row]
    assert cells.count("x" * 300) == 7
    assert {f"column number {i}" for i in range(16)} <= set(cells)


def test_a_template_keeps_its_size_and_loses_its_slides_and_sections(tmp_path):
    path = template(tmp_path / "corporate.pptx", with_old_slides)
    made = deck(text("# T\n\nQ?", "slide"), text("## One\n\nWords.", "slide"), template=path)
    assert titles(made) == ["T", "One"]
    assert made.slide_width / made.slide_height == pytest.approx(4 / 3)
    assert b"sectionLst" not in etree.tostring(made.part._element)
    parts = [part.partname for part in made.part.package.iter_parts() if "/slides/slide" in part.partname]
    assert len(parts) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no zip", "PowerPoint template"), (None, "layout with a title"), ("missing", "No such file")],
)
def test_an_unusable_template_is_said(tmp_path, content, said):
    path = tmp_path / "corporate.pptx"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is None:
        template(path, only("Blank"))
    with pytest.raises(InputError, match=said):
        read_template(path)


def test_a_failed_notebook_gives_the_slides_there_are_and_says_so():
    cells = [nbformat.from_dict(cell) for cell in broken()]
    for cell in cells:
        cell.metadata["slideshow"] = {"slide_type": "slide" if cell.cell_type == "markdown" else "-"}
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    cells[5].outputs = [error]
    cells[3].outputs = [nbformat.v4.new_output("stream", name="stdout", text="fine\n")]
    made = deck(*cells)
    assert titles(made) == ["Broken", "First part", "This report is not complete"]
    assert "cell 6 of 8" in made.slides[2].placeholders[1].text_frame.text


def test_other_content_of_cells():
    empty = displayed(table=DisplayTable("Rejects: none", ("a",), ()).to_json())
    frame = displayed(html="<table><tr><th></th><th>n</th></tr><tr><th>a</th><td>1,200</td></tr></table>")
    cells = [
        text(
            "## First\n\n> A quote\n\n1. one\n2. two\n\n| a | b |\n|---|--:|\n| 1 | two |\n\n### Inner\n\n`code`",
            "slide",
        ),
        code("", "-", outputs=[frame, displayed(text="<Axes: x>"), displayed(markdown="**Said** by code."), empty]),
        text("Without a heading.", "slide"),
    ]
    first, second = read_slides(notebook(*cells))
    assert [p.text for p in first.paragraphs] == [
        "A quote",
        "one",
        "two",
        "Inner",
        "code",
        "Said by code.",
        "Rejects: none",
    ]
    assert [table.columns for table in first.objects] == [("a", "b"), ("", "n")]
    assert [table.numeric for table in first.objects] == [(False, True), (False, True)]
    assert second.title == "First"
    assert not has_slides(notebook(text("## A", "skip"), text("## B")))


BARS = {
    "kind": "bar", "stacked": False, "downwards": True, "number": "0.0", "labels": True, "dates": False,
    "categories": ["reporting", "checkout"], "x": {"title": "hours", "log": False, "limits": [0, 13]},
    "y": {"title": "", "log": False, "limits": [-0.5, 1.5]},
    "series": [
        {"name": "down", "colour": "#0072b2", "values": [12.4, 2.5], "colours": ["#d55e00", "#0072b2"]},
        {"name": "allowed", "colour": "#b4bec8", "values": [11.0, None], "colours": None},
    ],
}  # fmt: skip
NOW = {"name": "now", "colour": "#0072b2", "x": [1, 2, 2], "y": [1, 1, 0.5], "dashed": False, "points": False}
LINES = BARS | {
    "kind": "xy", "number": "0%", "categories": [], "x": {"title": "hours", "log": True, "limits": [1 / 60, 70]},
    "y": {"title": "not yet restored", "log": False, "limits": [0, 1.02]},
    "series": [NOW],
}  # fmt: skip


def charted(chart):
    output = displayed(png=png(900, 400), metadata={"alt": "Hours down."})
    output.data[CHART] = chart
    return output


def native(presentation):
    return [shape for slide in presentation.slides for shape in slide.shapes if shape.has_chart]


def test_figures_that_carry_their_data_are_charts_that_can_be_edited():
    made = deck(text("# R\n\nQ?", "slide"), text("## Down", "slide"), code("", "-", outputs=[charted(BARS)]))
    (shape,) = native(made)
    assert of_kind(made.slides[1], SHAPE.PICTURE) == []
    assert shape._element.nvGraphicFramePr.cNvPr.get("descr") == "Hours down."
    plot = shape.chart.plots[0]
    assert list(plot.categories) == ["reporting", "checkout"]
    assert [(s.name, tuple(s.values)) for s in plot.series] == [("down", (12.4, 2.5)), ("allowed", (11.0, None))]
    assert str(plot.series[0].points[0].format.fill.fore_color.rgb) == "D55E00"
    assert shape.chart.category_axis.reverse_order
    assert shape.chart.part.chart_workbook.xlsx_part.blob[:2] == b"PK", "the data sheet that an editor opens"


@pytest.mark.parametrize(
    "chart", [BARS, LINES, BARS | {"stacked": True, "kind": "column"}], ids=["bar", "xy", "column"]
)
def test_charts_are_legible_and_in_the_order_of_the_standard(chart):
    made = deck(text("## Down", "slide"), code("", "-", outputs=[charted(chart)]))
    (shape,) = native(made)
    space = shape.chart._chartSpace
    assert min(int(size) for size in space.xpath(".//a:defRPr/@sz | .//a:rPr/@sz")) >= 100 * SMALLEST
    axis = [etree.QName(child).localname for child in space.xpath(".//c:valAx")[-1]]
    assert axis == [name for name in VALUE_AXIS if name in axis]
    for names in space.xpath(".//c:catAx"):
        found = [etree.QName(child).localname for child in names]
        assert found == [name for name in CATEGORY_AXIS if name in found]
    assert overflowing(made) == []


COMMON = "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos"
COMMON += " spPr txPr crossAx crosses"
VALUE_AXIS = f"{COMMON} crossBetween majorUnit minorUnit".split()
CATEGORY_AXIS = f"{COMMON} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl".split()


def test_an_axis_of_powers_of_ten_has_whole_ones_at_its_ends():
    made = deck(text("## Restore", "slide"), code("", "-", outputs=[charted(LINES)]))
    chart = native(made)[0].chart
    axis = chart.category_axis
    assert (axis.minimum_scale, axis.maximum_scale) == (0.01, 100)
    assert axis._element.xpath("./c:scaling/c:logBase/@val") == ["10"]
    assert list(chart.plots[0].series[0].iter_values()) == [1, 1, 0.5]


def test_a_chart_with_nothing_in_it_is_shown_as_its_picture():
    made = deck(text("## Down", "slide"), code("", "-", outputs=[charted(BARS | {"categories": []})]))
    assert native(made) == []
    assert len(of_kind(made.slides[0 if len(made.slides) == 1 else 1], SHAPE.PICTURE)) == 1


def found(finding):
    data = finding._repr_mimebundle_()
    return nbformat.v4.new_output("display_data", data=data)


def test_what_was_found_is_the_title_and_all_of_it_the_speakers():
    finding = Finding("All of **it**, with n = 3.", headline="Two of three were late", brief="Most of it.")
    cells = [text("# R\n\nQ?", "slide"), text("## Lateness", "slide"), code("", "-", outputs=[found(finding)])]
    made = deck(*cells, text("Say it.", "notes"))
    assert titles(made) == ["R", "Two of three were late"]
    slide = made.slides[1]
    assert [p.text_frame.text for p in slide.placeholders if p.placeholder_format.type == KIND.OBJECT] == [
        "Most of it."
    ]
    assert slide.notes_slide.notes_text_frame.text == "All of it, with n = 3.\n\nSay it."
    footer = next(p for p in slide.placeholders if p.placeholder_format.type == KIND.FOOTER)
    assert footer.text_frame.text == "R · 2026Q3 · Lateness"


def test_text_below_a_title_that_says_it_makes_way_for_a_table():
    table = DisplayTable("Rows", ("a", "b"), tuple((f"r{i}", "x") for i in range(17)))
    finding = Finding("A long paragraph. " * 12, headline="It is so")
    outputs = [found(finding), displayed(table=table.to_json())]
    made = deck(text("# R\n\nQ?", "slide"), text("## T", "slide"), code("", "-", outputs=outputs))
    assert titles(made) == ["R", "It is so"]
    assert len(tables(made)[0]) == 18
    assert made.slides[1].notes_slide.notes_text_frame.text.startswith("A long paragraph.")


def test_a_table_may_leave_its_last_rows_to_the_report():
    table = DisplayTable("Rows", ("a",), tuple((f"r{i}",) for i in range(9)), slide_rows=4)
    (slide,) = read_slides(notebook(text("## T", "slide"), code("", "-", outputs=[displayed(table=table.to_json())])))
    assert len(slide.objects[0].rows) == 4
    assert slide.objects[0].caption == "Rows (5 more in the report)"


def test_the_scorecard_of_two_hundred_services_takes_three_slides():
    card = scorecard(200).assign(expected_low=0.99712, expected_high=0.99931, expected=0.9985)
    card["service"] = "payments-gateway-" + card["service"]
    table = scorecard_table(card, reasons=False)
    made = deck(text("## Scorecard", "slide"), code("", "-", outputs=[displayed(table=table.to_json())]))
    shown = tables(made)
    assert len(shown) == len(made.slides) - 1 == 3
    assert sum(len(rows) - 1 for rows in shown) == SCORECARD_ON_SLIDES
    texts = [shape.text_frame.text for slide in made.slides for shape in slide.shapes if shape.has_text_frame]
    assert any("752 more in the report" in said for said in texts)
    assert overflowing(made) == []


def test_columns_come_closer_where_that_saves_a_slide():
    long = tuple(("a service of some length", "5 h 51 min (5 h 46 min to 46 h 42 min)", "x" * 9) for _ in range(30))
    table = Table("", ("Service", "Expected", "n"), long, (False,) * 3)
    wide = sum(best for _, best in Fitting(Ruler("Arial"), 1e3).limits(table, 12.0))
    sheets = Fitting(Ruler("Arial"), wide - 12).sheets(table, first=300, others=300)
    assert {(sheet.edge, sheet.side) for sheet in sheets} == {(1.5, 2.5)}
    assert len(sheets) == 2


words = st.text(alphabet="abcdefghij lmnop%-", min_size=0, max_size=40)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    cells=st.integers(1, 9).flatmap(
        lambda n: st.lists(st.lists(words, min_size=n, max_size=n), min_size=1, max_size=25)
    ),
    first=st.floats(60, 400),
    within=st.floats(200, 900),
)
def test_a_table_cut_into_sheets_loses_nothing(cells, first, within):
    head, *rows = [tuple(row) for row in cells]
    table = Table("T", head, tuple(rows), (False,) * len(head))
    sheets = Fitting(Ruler(), within).sheets(table, first=first, others=400)
    assert all(sum(sheet.widths) <= within + 1e-6 for sheet in sheets)
    fitting = [sheet.height <= 400 or len(sheet.table.rows) <= 1 for sheet in sheets]
    assert all(fitting)
    by_columns = {}
    for sheet in sheets:
        by_columns.setdefault(sheet.table.columns, []).extend(sheet.table.rows)
    assert sum(len(columns) - 1 for columns in by_columns) >= len(head) - 1 or len(set(head)) < len(head)
    for columns, found in by_columns.items():
        if len(set(head)) == len(head):
            places = [head.index(name) for name in columns]
            assert found == [tuple(row[i] for i in places) for row in rows]
