"""Pages: offline, safe, readable, and saying plainly what failed."""

import base64
import gzip
import hashlib
import io
import re
import shutil
import subprocess
from urllib.parse import unquote

import numpy as np
import pytest
from lxml import html
from nbformat.v4 import new_output
from PIL import Image
from small_notebooks import FACTS, broken, code, displayed, notebook, scorecard, text

from continuity_analysis.figures.display_tables import DisplayTable, scorecard_table
from continuity_analysis.figures.drawn_data import MIME as DATA
from continuity_analysis.reports.html import page
from continuity_analysis.reports.html_tables import FOLDED_AT_MOST, clean_html, table_html

CHROMIUM = shutil.which("chromium")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--hide-scrollbars"]
QUIET += ["--allow-file-access-from-files", "--host-resolver-rules=MAP * ~NOTFOUND"]
ATTACK = '<script>alert(1)</script><img src="http://evil.example/x.png" onerror="alert(2)">'


def read(page_text):
    return html.fromstring(page_text)


def made(*cells):
    return read(page(notebook(*cells), FACTS, name="some_report"))


def png(width=40, height=20, seed=None):
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    if seed is not None:
        pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def calls(root):
    """Everything on a page that a browser would fetch from elsewhere."""
    found = [value for element in root.iter() for name, value in element.attrib.items() if name in ("src", "srcset")]
    found += [e.get("href") for e in root.iter("link")] + [e.get("data") for e in root.iter("object")]
    styles = [e.text_content() for e in root.iter("style")] + [e.get("style", "") for e in root.iter()]
    found += re.findall(r"url\(([^)]*)\)|@import\s+(\S+)", " ".join(styles))
    return [value for value in found if value and not str(value).startswith("data:")]


@pytest.fixture(scope="module")
def pages(run):
    result, _ = run
    return {path.stem: path for path in result.folder.glob("*.html")}


def test_no_page_calls_elsewhere(pages):
    assert set(pages) == {"index", "review", "plain", "broken", "dying"}
    for path in pages.values():
        root = read(path.read_text())
        assert calls(root) == []
        (script,) = root.iter("script")
        digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'" in root.xpath("//meta[@http-equiv]/@content")[0]
        assert "default-src 'none'" in root.xpath("//meta[@http-equiv]/@content")[0]
        assert path.stat().st_size < 3_000_000


def test_a_page_shows_what_cells_say_and_none_of_their_code(pages):
    root = read(pages["review"].read_text())
    shown = root.find(".//main").text_content()
    assert "service-3 was worst, with 2 h." in shown
    assert "Not on a slide." in shown
    assert "Say hello" not in shown
    for piece in ("plt.plot", "import pandas", "store: str", "Axes("):
        assert piece not in root.text_content()


def test_the_header_has_title_question_period_and_facts(pages):
    header = read(pages["review"].read_text()).find(".//header")
    assert header.find("h1").text == "Quarterly review"
    said = " ".join(header.text_content().split())
    assert "Did we keep what we promised?" in said
    assert "2026Q3, 2026-07-01 to 2026-09-30 (Europe/Rome)" in said
    assert "3 files" in said
    assert "continuity_analysis 0." in read(pages["review"].read_text()).find(".//footer").text_content()


def test_contents_point_at_headings():
    root = made(text("# T\n\nQ?"), text("## Same"), text("## Same"), text("### Über *uns*"), text("## !"))
    anchors = [element.get("id") for element in root.xpath("//main//h2|//main//h3")]
    assert anchors == ["same", "same-2", "über-uns", "section"]
    for nav in root.iter("nav"):
        assert [link.get("href")[1:] for link in nav.iter("a")] == anchors


def test_a_page_without_headings_has_no_contents():
    assert not list(made(text("# T\n\nQ?\n\nSome words.")).iter("nav"))


def test_figures_have_words():
    root = made(
        text("# T\n\nQ?"),
        text("## Part\n\nFirst. Each bar is a **service**."),
        code("", outputs=[displayed(png=png())]),
        code("", outputs=[displayed(markdown="The worst was `a`."), displayed(png=png())]),
        code("", outputs=[displayed(png=png(), metadata={"image/png": {"alt": "Own words", "width": 30}})]),
    )
    images = root.xpath("//figure//img")
    assert [image.get("alt") for image in images] == [
        "Part: Each bar is a service.",
        "Part: The worst was a.",
        "Own words",
    ]
    assert images[2].get("width") == "30"


def test_small_drawings_are_shown_as_such_and_large_ones_as_pictures():
    def drawn(size):
        output = displayed(png=png())
        output.data["image/svg+xml"] = f"<svg><!--{'x' * size}--></svg>"
        return made(text("# T"), code("", outputs=[output])).xpath("//figure//img/@src")[0][:18]

    assert drawn(10) == "data:image/svg+xml"
    assert drawn(100_000).startswith("data:image/png")


def test_many_large_pictures_stay_under_three_megabytes():
    pictures = [displayed(png=png(600, 400, seed)) for seed in range(6)]
    whole = page(notebook(text("# T"), code("", outputs=pictures)), FACTS, name="big")
    assert sum(len(picture.data["image/png"]) for picture in pictures) > 5_000_000
    assert len(whole) < 3_000_000


@pytest.mark.parametrize(
    "output",
    [
        displayed(html=f"<div style=\"background:url('http://evil.example')\">{ATTACK}<style>a{{}}</style>words</div>"),
        displayed(html=f'<iframe src="http://evil.example"></iframe><p onclick="x()">{ATTACK}words</p>'),
        displayed(markdown=f"{ATTACK} words ![x](http://evil.example/x.png) [y](javascript:alert(3))"),
        displayed(text=f"{ATTACK} words"),
        displayed(table=DisplayTable(ATTACK, (ATTACK, "b"), ((ATTACK, "words"),), ((None, None),)).to_json()),
    ],
    ids=["html", "iframe", "markdown", "text", "table"],
)
def test_text_of_logs_cannot_act(output):
    root = made(text(f"# T\n\n{ATTACK}"), code("", outputs=[output]))
    assert calls(root) == []
    assert not list(root.find(".//main").iter("script", "iframe", "object"))
    assert len(list(root.iter("script"))) == 1  # our own
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert not [link for link in root.xpath("//a/@href") if link.startswith("javascript")]
    assert "words" in root.find(".//main").text_content()


def test_links_in_text_stay():
    root = made(text("# T\n\nQ?\n\n[docs](https://example.org/a) and [below](#b)"), text("## B"))
    assert root.xpath("//main//p/a/@href") == ["https://example.org/a", "#b"]


def test_pictures_that_the_notebook_carries_are_shown():
    cell = text("# T\n\nQ?\n\n![A plan](attachment:plan.png)")
    cell["attachments"] = {"plan.png": {"image/png": png()}}
    image = made(cell).xpath("//main//img")[0]
    assert image.get("alt") == "A plan"
    assert image.get("src").startswith("data:image/png;base64,")


def test_bare_objects_and_warnings_do_not_disturb():
    noisy = code("", outputs=[displayed(text="<Axes: title='x'>"), displayed(text="[<Line2D at 0x1>]")])
    noisy.outputs.append(new_output("stream", name="stderr", text="Careful\x1b[31m!\x1b[0m"))
    main = made(text("# T"), noisy).find(".//main")
    assert "Axes" not in main.text_content()
    assert "Line2D" not in main.text_content()
    assert main.find(".//details/pre").text == "Careful!"


def test_a_table_has_caption_header_cells_and_verdicts_in_words():
    root = read(table_html(scorecard_table(scorecard()).to_json()))
    table = next(root.iter("table"))
    assert table.find("caption").text == "Objectives and what was achieved, worst first"
    assert {cell.get("scope") for cell in table.xpath("thead//th")} == {"col"}
    assert {cell.get("scope") for cell in table.xpath("tbody//th")} == {"row"}
    verdicts = {e.get("class"): e.text for e in root.xpath("//span[starts-with(@class,'verdict')]")}
    assert verdicts["verdict breached"] == "Breached"
    assert verdicts["verdict insufficient"] == "Not enough evidence"


@pytest.mark.parametrize(("rows", "tables", "words"), [(38, 1, ""), (400, 2, "370"), (2500, 2, "1,500 more rows")])
def test_long_tables_are_folded(rows, tables, words):
    table = DisplayTable("T", ("a", "b"), tuple((f"r{i}", str(i)) for i in range(rows)), ((None, 1),) * rows)
    root = read(f"<div>{table_html(table.to_json())}</div>")
    assert len(list(root.iter("table"))) == tables
    assert len(root.xpath("//tbody/tr")) == min(rows, FOLDED_AT_MOST)
    assert words in root.text_content()


def test_a_table_without_rows_is_a_sentence():
    assert table_html(DisplayTable("Rejects: none", ("a",), ()).to_json()) == "<p><strong>Rejects: none</strong></p>"


def test_a_dataframe_becomes_a_table_of_the_page(pages):
    root = read(pages["review"].read_text())
    table = next(t for t in root.iter("table") if t.find("caption") is None)
    assert table.getparent().get("class") == "table-box"
    assert [cell.get("scope") for cell in table.xpath("thead//th")] == ["col"] * 3
    assert [cell.text for cell in table.xpath("tbody//td[@class='num']")] == ["1.25", "33.10"]


def test_html_of_cells_keeps_its_words():
    cleaned = clean_html("before<!-- gone --> <custom>kept</custom><script>gone</script> after")
    assert cleaned == "before kept after"


def test_a_failure_is_said_at_the_top_and_where_it_happened(pages):
    root = read(pages["broken"].read_text())
    said = root.xpath("//*[@role='alert']")[0].text_content()
    assert "It stopped at cell 6 of 8, under “Second part”: ZeroDivisionError: division by zero" in said
    cell = root.get_element_by_id("failed-cell")
    assert "inverse(0)" in cell.text_content()
    assert "\x1b" not in pages["broken"].read_text()
    assert "papermill" not in pages["broken"].read_text()


def test_a_failure_without_title_or_message_is_still_said():
    cells = broken()
    cells[5].outputs = [new_output("error", ename="KeyboardInterrupt", evalue="", traceback=[])]
    root = made(*cells[2:])
    assert root.find(".//h1").text == "Some report"
    assert "stopped at cell 4 of 6, under “Second part”: KeyboardInterrupt" in root.text_content()


def browse(path, *options):
    """What Chromium does with a page while every name on the network is unknown."""
    command = [CHROMIUM, *QUIET, *options, path.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_pages_load_in_a_browser_without_a_network(pages, tmp_path):
    picture = tmp_path / "page.png"
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    browse(pages["review"], profile, "--window-size=1280,900", f"--screenshot={picture}")
    with Image.open(picture) as seen:
        assert seen.size == (1280, 900)
        assert len(seen.getcolors(1_000_000)) > 50


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("width", [400, 1280])
def test_no_page_is_wider_than_its_window(pages, tmp_path, width):
    frames = "".join(f'<iframe src="{p.as_uri()}" width="{width}" height="800"></iframe>' for p in pages.values())
    measured = "[...document.querySelectorAll('iframe')].map(f => f.contentDocument.documentElement.scrollWidth)"
    frame = tmp_path / "frames.html"
    frame.write_text(f"<body>{frames}<script>onload = () => {{document.body.innerHTML = {measured}}}</script></body>")
    dom = browse(frame, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom")
    widths = [int(number) for number in re.search(r"<body>([\d,]+)</body>", dom).group(1).split(",")]
    assert len(widths) == len(pages)
    assert max(widths) <= width


def with_data(*tables):
    output = displayed(png=png())
    output.data[DATA] = [{"figure": "f", "table": "t", "rows": rows, "csv": csv} for rows, csv in tables]
    return made(text("# T"), code("", outputs=[output])).find(".//figcaption")


def test_a_figure_offers_its_data_as_csv():
    (link,) = with_data((1, 'a,b\n"x ""1"" & <y>",50 %\n'), (0, "a\n")).iter("a")
    assert (link.text, link.get("download")) == ("data (CSV)", "f.csv")
    kind, data = link.get("href").split(",", 1)
    assert kind == "data:text/csv;charset=utf-8"
    assert unquote(data) == 'a,b\n"x ""1"" & <y>",50 %\n'


def test_long_data_is_compressed_and_what_is_too_long_said_never_thinned():
    csv = "hours\n" + "1.25\n" * 30_000
    (link,) = with_data((30_000, csv)).iter("a")
    assert link.get("download") == "f.csv.gz"
    assert gzip.decompress(base64.b64decode(link.get("href").split(",")[1])).decode() == csv
    noise = "\n".join(map(str, np.random.default_rng(0).random(60_000)))
    for content, said in ((noise, "it is in the executed notebook"), (None, "the notebook's call returns it")):
        caption = with_data((60_000, content))
        assert list(caption.iter("a")) == []
        assert "60,000 rows" in caption.text_content()
        assert said in caption.text_content()


def test_a_figure_without_tables_has_no_caption():
    assert with_data((0, "a\n")) is None
    assert made(text("# T"), code("", outputs=[displayed(png=png())])).find(".//figcaption") is None
