"""A report once per service: safe names, a failure that stops no other, what is refused, a run that is resumed."""

import json
import sys

import pytest
from lxml import html
from small_notebooks import FACTS, LOGS, PARAMETERS, code, save, scorecard, text

from continuity_analysis import cli
from continuity_analysis.errors import InputError
from continuity_analysis.reports.each import check_each, file_name, jobs_of, run_each
from continuity_analysis.reports.index import index_page
from continuity_analysis.reports.messages import of_run
from continuity_analysis.reports.notebooks import Failure
from continuity_analysis.reports.results import Judged, ReportResult, RunResult

CATALOG = "services:\n  check/out: {assets: [mongo-prod]}\n  ill: {assets: [files]}\n"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A notebook about one service, which fails for one of them; a catalogue; and how often it was run."""
    folder = tmp_path_factory.mktemp("each")
    counted = f"from pathlib import Path\nwith Path({str(folder / 'count')!r}).open('a') as f: f.write('x')"
    cells = [
        text("# Own\n\nHow is it?"),
        code(f'{PARAMETERS}\nservice: str = ""  # which', tags=["parameters"]),
        code(f"{counted}\nprint('about', service)\nassert service != 'ill'"),
    ]
    save(folder / "notebooks", own=cells)
    (folder / "services.yaml").write_text(CATALOG)
    return folder


def call(folder, *more, notebook="own.ipynb"):
    arguments = ["continuity", "report", str(folder / "notebooks" / notebook), "--logs", str(LOGS)]
    arguments += ["--catalog", str(folder / "services.yaml"), "--timezone", "UTC"]
    arguments += [] if "--out" in more else ["--out", str(folder / "out")]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", [*arguments, "--period", "2026Q3", *more])
        try:
            cli.main()
        except SystemExit as left:
            return left.code
    return 0


def test_each_service_has_a_page_and_one_that_fails_stops_no_other(own, capsys):
    assert call(own, "--each", "service") == 3
    assert "own/ill failed" in capsys.readouterr().err
    good = file_name("check/out")
    pages = {p.name for p in (own / "out" / "own").iterdir()}
    assert pages == {f"{good}.html", "ill.html"}  # no PDF unless it is asked for
    page = (own / "out" / "own" / f"{good}.html").read_text()
    assert "Own: check/out</h1>" in page
    assert 'href="../index.html"' in page
    index = html.fromstring((own / "out" / "index.html").read_text())
    links = [a.get("href") for a in index.iter("a")]
    assert f"own/{good}.html" in links
    assert "not complete" in index.text_content()
    made = json.loads((own / "out" / "summary.json").read_text())["reports"]
    assert [(r["service"], r["status"]) for r in made] == [("check/out", "done"), ("ill", "failed")]
    assert (own / "count").read_text() == "xx"
    assert call(own, "--each", "service", "--resume") == 3
    assert (own / "count").read_text() == "xxx"  # only the one that failed


def test_a_service_that_leaves_takes_its_pages_along_also_where_runs_are_kept(own, tmp_path):
    def pages():
        return sorted(str(p.relative_to(out)).partition("/")[2] for p in out.rglob("own/*") if p.suffix != ".json")

    catalog, out = own / "services.yaml", tmp_path / "kept"
    more = ["--each", "service", "--keep", "2", "--out", str(out), "--resume"]
    good = file_name("check/out")
    assert call(own, *more) == 3
    both = [
        f"{kind}own/{name}.{end}" for kind, end in (("notebooks/", "ipynb"), ("", "html")) for name in (good, "ill")
    ]
    assert pages() == sorted(both)
    (folder,) = (p for p in out.iterdir() if p.is_dir() and p.name.startswith("2026Q3"))
    (folder / "own" / "mine.html").write_text("not made by a run")
    (folder / "own" / f"{good}.html").write_text("changed since")
    try:
        catalog.write_text("services:\n  new: {assets: [files]}\n")
        assert call(own, *more) == 0
    finally:
        catalog.write_text(CATALOG)
    own_pages = ["mine.html", f"{good}.html", "new.html"]
    assert pages() == sorted(["notebooks/own/new.ipynb", *(f"own/{name}" for name in own_pages)])
    assert [p.name for p in (folder / ".continuity" / "reports" / "own").iterdir()] == ["new.json"]
    links = [a.get("href") for a in html.fromstring((folder / "index.html").read_text()).iter("a")]
    assert "own/new.html" in links
    assert f"own/{good}.html" not in links
    assert f'"{folder.name}/index.html"' in (out / "index.html").read_text()  # the page of past runs


def test_unknown_words_are_refused_with_a_sentence(own, capsys):
    assert call(own, "--each", "team") == 2
    assert "Expected --each service, got 'team'" in capsys.readouterr().err
    assert call(own, "--each", "service", "-p", "service=ill") == 2
    assert "choose one" in capsys.readouterr().err
    save(own / "notebooks", other=[text("# Other\n\nWhat?"), code(PARAMETERS, tags=["parameters"])])
    assert call(own, "--each", "service", notebook="other.ipynb") == 2
    assert "such as service_review; got other, which has none" in capsys.readouterr().err


@pytest.mark.parametrize("service", ["../../etc/passwd", "a b", "ü", "con|sole", "", ".hidden", "x" * 300])
def test_names_of_files_are_safe_and_told_apart(service):
    name = file_name(service)
    assert name.strip(".")
    assert len(name) < 100
    assert not set(name) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert not name.startswith(".")
    assert name != file_name(f"{service}/")


def test_a_plain_name_stays_and_case_alone_tells_nothing_apart(tmp_path):
    names = [job.name for job in jobs_of("own", tmp_path, {}, services=["api", "API", "a b", "a-b"])]
    assert names[0] == "own/api"
    assert names[3] == "own/a-b"
    assert len({name.lower() for name in names}) == 4


def test_what_is_run_once_per_service():
    declared = {"one": ["period"], "each": ["period", "service"]}
    assert run_each(declared, None, asked=()) == ()
    assert run_each(declared, "service", asked=()) == ("each",)
    with pytest.raises(InputError, match="got one, which has none"):
        run_each(declared, "service", asked=("one", "each"))
    with pytest.raises(InputError, match="answers"):
        check_each("service", {"answers": "somewhere"})


def hundreds():
    failure = Failure(3, 9, "", "ValueError: no", "", "")
    return tuple(
        ReportResult(f"own/service-{i}", f"Own: service-{i}", "How?", "n.ipynb", html=f"own/service-{i}.html",
                     service=f"service-{i}", failure=failure if i % 2 else None)
        for i in range(200)
    )  # fmt: skip


def test_the_index_lists_hundreds_in_one_table_the_worst_first():
    page = html.fromstring(index_page(FACTS, list(hundreds()), judged=Judged(scorecard())))
    (table,) = page.xpath("//table[caption[contains(., '200 services')]]")
    rows = [row.text_content().split("▲")[0] for row in table.iter("tr")][1:]
    assert len(rows) == 200
    assert all(row.startswith("service-") for row in rows)
    assert {row[:9] for row in rows[:6]} == {f"service-{i}" for i in range(6)}  # those with verdicts
    assert not page.xpath("//ul[@class='reports']")
    assert "100 of 200 pages are not complete" in page.text_content()
    assert len(page.xpath("//div[@role='alert']")) == 1


def test_a_message_stays_short(tmp_path):
    summary = {"services": [], "version": "0", "as_of": None, "reports": []}
    said = of_run(RunResult(tmp_path, hundreds(), summary), root=tmp_path, place="x", link="https://here.example")
    assert said.text.count("\n") < 30
    assert "and 90 more failed" in said.text
    assert "Service by service: https://here.example/index.html#services" in said.text
