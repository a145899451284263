"""PDFs: a cover, contents and page numbers, nothing cut, the same numbers, anybody's notebook, the same bytes."""

import io
import socket
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_output, new_raw_cell
from pypdf import PdfReader
from reading_pdf import compact, letters_of, pages_of, pictures_of, text_of
from small_notebooks import FACTS, broken, code, displayed, notebook, text
from test_report_html import ATTACK, png

from continuity_analysis.errors import ReportError
from continuity_analysis.figures.display_tables import DisplayTable
from continuity_analysis.reports import pdf_typst
from continuity_analysis.reports.pdf import make_pdf
from continuity_analysis.reports.pdf_text import ACROSS, wrapped


def made(*cells, facts=FACTS, **how):
    return make_pdf(notebook(*cells), facts, name="some_report", **how)


def said(*cells, **how):
    return text_of(made(*cells, **how))


@pytest.fixture(scope="module")
def review(run):
    return (run[0].folder / "review.pdf").read_bytes()


def test_a_document_shows_what_cells_say_and_none_of_their_code(review):
    shown = text_of(review)
    for words in ("service-3 was worst, with 2 h.", "Not on a slide.", "Verdicts are on what was achieved", "33.10"):
        assert compact(words) in shown
    for piece in ("plt.plot", "importpandas", "store:str", "Axes(", "Sayhello"):
        assert piece not in shown


def test_the_cover_has_title_question_facts_and_contents(review):
    cover = compact(pages_of(review)[0].extract_text())
    for words in (
        "Quarterly review",
        "Did we keep what we promised?",
        "2026Q3, 2026-07-01 to 2026-09-30 (Europe/Rome)",
    ):
        assert compact(words) in cover
    for words in ("3 files", "continuity_analysis 0.", "Contents", "Where we stand", "Every incident"):
        assert compact(words) in cover


def test_services_stand_on_the_cover():
    from dataclasses import replace

    few = compact(pages_of(made(text("# T"), facts=replace(FACTS, services=("a", "b"))))[0].extract_text())
    many = compact(pages_of(made(text("# T"), facts=replace(FACTS, services=("a",) * 100)))[0].extract_text())
    assert "Servicesa,bMadeby" in few
    assert "and76more" in many


def test_every_page_says_which_of_how_many(review):
    pages = pages_of(review)
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in compact(page.extract_text())
        assert number == 1 or compact("Quarterly review") in compact(page.extract_text())


def test_the_file_says_what_it_is(review):
    reader = PdfReader(io.BytesIO(review))
    assert reader.metadata.title == "Quarterly review"
    assert reader.metadata.author == "continuity_analysis"
    assert reader.trailer["/Root"]["/Lang"].lower().startswith("en")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in review, "PDF/UA-1, which readers for the blind rely on"
    assert next(item["/Title"] for item in reader.outline if isinstance(item, dict)) == "Where we stand"


def test_the_same_notebook_makes_the_same_bytes():
    cells = text("# T\n\nQ?\n\n## A\n\n$x^2$"), code("", outputs=[displayed(png=png())])
    assert made(*cells) == made(*cells)
    assert made(*cells, facts=None) == made(*cells, facts=None)


def test_no_picture_is_wider_or_higher_than_its_page():
    shapes = [(4000, 300), (300, 4000), (2000, 2000), (10, 10)]
    cells = [code("", outputs=[displayed(png=png(*shape, seed=n))]) for n, shape in enumerate(shapes)]
    inside = text(
        "# T\n\nQ?\n\n- a\n  - b ![p](attachment:p.png)\n\n| a | b |\n|---|---|\n| ![p](attachment:p.png) | c |"
    )
    inside["attachments"] = {"p.png": {"image/png": png(3000, 200)}}
    pages = pages_of(made(inside, *cells))
    boxes = [(box, page.mediabox) for page in pages for box in pictures_of(page)]
    assert len(boxes) == 6
    for (left, bottom, right, top), page in boxes:
        assert 0 < left < right < page.width
        assert 0 < bottom < top < page.height
    assert {round(right - left) for (left, _, right, _), _ in boxes} >= {493, 8}


def table(rows, columns, cell="12.5"):
    frame = pd.DataFrame([[cell] * columns] * rows, columns=[f"column_{n}" for n in range(columns)])
    frame.insert(0, "name", [f"row-{n}" for n in range(rows)])
    return displayed(html=frame.to_html(index=False, max_rows=None, max_cols=None))


@pytest.mark.parametrize(
    ("output", "lying"),
    [
        (table(200, 15, "-1.2345678"), True),
        (table(3, 60), True),
        (table(3, 3, "x" * 400), True),
        (table(3, 3, "many words " * 400), False),
        (table(5, 4), False),
        (displayed(table=DisplayTable("C", ("a", "b" * 300), (("c" * 300, "d"),), ((None, 1),)).to_json()), False),
    ],
    ids=["200 x 15", "60 columns", "long words", "long texts", "small", "long names"],
)
def test_no_table_is_cut(output, lying):
    pages = pages_of(made(text("# T\n\nQ?\n\n## Section\n\nWhat it is."), code("", outputs=[output])))
    for page in pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert all(40 < x < width - 40 and 15 < y < height - 15 for x, y, _ in letters_of(page))
    sideways = [page for page in pages if page.mediabox.width > page.mediabox.height]
    assert bool(sideways) == lying
    if lying:
        assert compact("Section What it is.") in compact(sideways[0].extract_text()), "it is introduced where it stands"


def test_a_long_table_has_its_header_on_every_page_and_all_rows():
    output = table(200, 4)
    pages = [compact(page.extract_text()) for page in pages_of(made(text("# T\n\nQ?"), code("", outputs=[output])))][1:]
    assert len(pages) > 3
    assert all("column_0column_1" in page for page in pages)
    assert all(f"row-{n}12.5" in "".join(pages) for n in range(200))


@pytest.mark.parametrize("before", [38, 39])
def test_the_head_of_a_table_stands_with_three_rows_at_least(before):
    frame = pd.DataFrame({"name": [f"row{row};" for row in range(40)], "hours": 1.5})
    cells = text("# T\n\nQ?"), text("\n\n".join(["Words."] * before))
    output = displayed(html=frame.to_html(index=False))
    pages = [compact(page.extract_text()) for page in pages_of(made(*cells, code("", outputs=[output])))]
    page = next(page for page in pages if "row0;" in page)
    assert "row2;" in page
    assert page.count("Words.") == 1, "what introduces it comes along"


def test_a_table_without_end_says_how_much_is_left_out():
    rows = tuple((f"r{n}", str(n)) for n in range(1200))
    long = DisplayTable("T", ("a", "b"), rows, ((None, 1),) * 1200)
    shown = said(text("# T"), code("", outputs=[displayed(table=long.to_json())]))
    assert "r999999" in shown
    assert "r10001000" not in shown
    assert "200morerows" in shown


def test_verdicts_are_told_without_colour():
    rows = (("a", "Breached"), ("b", "Met, provisional"), ("c", "No objective set"))
    shown = said(
        text("# T"), code("", outputs=[displayed(table=DisplayTable("T", ("s", "v"), rows, (), (1,)).to_json())])
    )
    assert "a▲Breachedb●Met,provisionalcNoobjectiveset" in shown


def test_the_signs_that_pages_use_are_all_there():
    signs = "− ≥ ≤ χ² ▶ ✕ ✓ ▲ ◆ ● ○ → ↑ ↓ ½ … × ± σ λ — – “x” ‘y’ ☐ ☒ é ß"
    table = DisplayTable(signs, (signs,), ((signs,),)).to_json()
    content = made(text(f"# T\n\nQ?\n\n{signs}"), code("", outputs=[displayed(table=table)]))
    assert text_of(content).count(compact(signs)) == 4
    fonts = {f["/BaseFont"] for page in pages_of(content) for f in page["/Resources"]["/Font"].values()}
    assert {font[8:].split("-")[0] for font in fonts} <= {"LibertinusSerif", "DejaVuSans", "DejaVuSansMono"}


STRANGE = r"""# A stranger's notebook

What is $e^{i\pi}$?

# First

Cost $5 and $6, $x^2 + \frac{a}{b}$, bad $\badcommand{x}$.

\begin{align}
a &= b \\
c &= d
\end{align}

### Deeper

- one
  - two **bold** `code` ~~no~~ [far](https://example.org/a_b?c=1#d) [near](#First) [evil](javascript:x) [gone](#nowhere)
- [ ] todo

3. three

> #let x = 1 @ref <label> "quotes" -- C:\users // no comment /* nor this */ * star _ $ ` ~

![A plan](attachment:plan.png) ![remote](http://evil.example/x.png)

<div align="center"><b>html</b> words <script>alert(1)</script></div>

Raw <span style="color:red">inline</span><br>html <none> note[^1]

| a | b |
|:--|--:|
| $x$ | **1.5** |

---

```python
#panic("never run")
```

[^1]: The note.

Term
: Definition
"""


def strange():
    cell = text(STRANGE)
    cell["attachments"] = {"plan.png": {"image/png": png(900, 200)}}
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><circle r="9" cx="20" cy="15"/></svg>'
    multi = pd.DataFrame(np.arange(8).reshape(2, 4), columns=pd.MultiIndex.from_product([["up", "down"], ["x", "y"]]))
    outputs = [
        new_output("stream", name="stdout", text="/one/very/long/path" * 30 + "\n日本語  x\n"),
        new_output("stream", name="stderr", text="\x1b[31mCareful\x1b[0m\n" * 100),
        new_output("display_data", data={"image/svg+xml": drawing}),
        new_output("display_data", data={"text/latex": r"$\sqrt{x}$", "text/plain": "sqrt(x)"}),
        new_output("display_data", data={"text/html": "<script>x</script><div></div>", "text/plain": "A plot"}),
        displayed(png="bm90IGEgcGljdHVyZQ=="),
        displayed(html=multi.to_html()),
    ]
    return notebook(cell, new_raw_cell("never shown"), code("secret = 1", outputs=outputs), *broken()[4:6])


def test_a_notebook_of_a_stranger_works():
    given = strange()
    given.cells[2].outputs.append(new_output("display_data", data={"application/x-unknown": "?"}))
    given.cells[-1].outputs = [new_output("error", ename="Error", evalue="no", traceback=["\x1b[31mline\x1b[0m " * 50])]
    shown = text_of(make_pdf(given, None, name="strange"))
    for words in (
        '#let x = 1 @ref <label> "quotes" -- C:\\users // no comment /* nor this */ * star _ $ ` ~',
        "Cost $5 and $6", "\\badcommand{x}", "html words", "inlinehtml<none>", "The note.", "Definition", "[remote]",
        '#panic("never run")', "A plot", "Careful", "80 more lines", "updown", "This cell failed. Error: no",
        "inverse(0)", "This report is not complete", "日本語",
    ):  # fmt: skip
        assert compact(words) in shown, words
    for words in ("alert(1)", "never shown", "secret", "evil.example"):
        assert compact(words) not in shown, words


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    content = made(
        text(f'# T\n\nQ?\n\n{ATTACK} ![x](http://evil.example/x.png)\n\n```{{=typst}}\n#image("/etc/passwd")\n```')
    )
    assert "root:" not in text_of(content)
    assert not any(pictures_of(page) for page in pages_of(content))


@pytest.mark.parametrize("address", ["plan.png", "sub/plan.png", "../plan.png", "/plan.png", "nothing.png"])
def test_pictures_beside_the_notebook_are_shown_and_no_others(tmp_path, address):
    from base64 import b64decode

    folder = tmp_path / "notebooks"
    for place in (folder / "plan.png", folder / "sub" / "plan.png", tmp_path / "plan.png"):
        place.parent.mkdir(exist_ok=True, parents=True)
        place.write_bytes(b64decode(png()))
    cell = text(f"# T\n\nQ?\n\n![p]({address})")
    seen = sum(len(pictures_of(page)) for page in pages_of(made(cell, folder=folder)))
    assert seen == (address in ("plan.png", "sub/plan.png"))
    assert not any(pictures_of(page) for page in pages_of(made(cell)))


@settings(derandomize=True, deadline=None, max_examples=15)
@given(
    st.lists(
        st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12), min_size=1, max_size=5
    )
)
def test_whatever_logs_hold_is_shown_as_it_is(words):
    """Every sign of a keyboard, in a table, in printed text, in a code block."""
    phrase = " ".join(words)
    shown = DisplayTable(f"caption {phrase}", (phrase,), ((phrase,),))
    content = made(text("# T"), code("", outputs=[displayed(table=shown.to_json()), displayed(text=f"said {phrase}")]))
    assert text_of(content).count(compact(phrase)) >= 4


@settings(derandomize=True, deadline=None, max_examples=15)
@given(st.text(st.sampled_from("aB1#$@<>[](){}*_`~^\\/\"'=+-|&%!.:; \n"), max_size=60))
def test_no_markdown_breaks_a_document(source):
    assert "after" in said(text(f"# T\n\nQ?\n\n{source}"), text("after"))


def test_a_formula_that_typst_refuses_is_shown_as_it_is_written(monkeypatch):
    from continuity_analysis.reports import pdf_markdown

    def bad(self, content):
        return [pdf_markdown.typst_inline("$nonsense(x)$" if self.formulas else '#"as written"')]

    monkeypatch.setattr(pdf_markdown.Reader, "_math", bad)
    assert "aswritten" in said(text("# T\n\nQ?\n\n$x$"))


def test_what_typst_cannot_set_is_one_sentence(monkeypatch):
    monkeypatch.setattr(pdf_typst, "TEMPLATE", SimpleNamespace(read_text=lambda encoding: "#let report = ("))
    with pytest.raises(
        ReportError, match=r"^Expected a document that typst can set as PDF, got: .*; the page"
    ) as raised:
        made(text("# T"))
    assert "\n" not in str(raised.value)


def test_a_failure_is_said_on_the_cover_and_where_it_happened(run):
    content = (run[0].folder / "broken.pdf").read_bytes()
    cover, *rest = [compact(page.extract_text()) for page in pages_of(content)]
    assert compact("It stopped at cell 6 of 8, under “Second part”: ZeroDivisionError: division by zero") in cover
    assert compact("This cell failed. ZeroDivisionError: division by zero") in "".join(rest)
    assert "inverse(0)" in "".join(rest)


@pytest.mark.parametrize("line", ["word " * 60, "x" * 300, "日本語" * 60, ""])
def test_printed_lines_fit(line):
    lines = wrapped(line).split("\n")
    assert all(len(piece) <= ACROSS for piece in lines)
    assert compact("".join(lines)) == compact(line)


def test_the_entry_points_of_nbconvert_lead_to_exporters(tmp_path):
    import tomllib
    from pathlib import Path

    from nbconvert.exporters import get_exporter

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    entries = project["entry-points"]["nbconvert.exporters"]
    assert set(entries) == {"continuity-html", "continuity-pdf", "continuity-deck"}
    path = tmp_path / "any.ipynb"
    nbformat.write(strange(), path)
    starts = {".html": "<!doctype", ".pdf": b"%PDF", ".pptx": b"PK"}
    for place in entries.values():
        exporter = get_exporter(place.replace(":", "."))()
        content, resources = exporter.from_filename(str(path))
        assert content[:9].startswith(starts.pop(exporter.file_extension))
        assert resources["output_extension"] == exporter.file_extension
    assert starts == {}


def test_a_notebook_without_slide_metadata_makes_slides_of_its_headings():
    from pptx import Presentation

    from continuity_analysis.reports.exporters import DeckExporter

    content, _ = DeckExporter().from_notebook_node(
        notebook(text("# T\n\nQ?"), text("## One\n\nWords."), text("More."), text("## Two"))
    )
    slides = Presentation(io.BytesIO(content)).slides
    assert [slide.shapes.title.text for slide in slides] == ["T", "One", "Two"]
    assert all(
        "2026" not in shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    )
