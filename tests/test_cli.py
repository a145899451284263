"""The command: one sentence on stderr and an exit code for what is wrong, never a traceback."""

import json
import re

import pytest

from continuity_analysis import cli

TABLE = """\
sources:
- path: "*.csv"
  format: csv
  table: incidents
  timezone: UTC
  columns: {incident_id: id, component: service, started_at: began, restored_at: ended}
"""
ROWS = """\
id,service,began,ended
1,web,2026-07-01 10:00,2026-07-01 11:00
2,web,no date,
3,web,no date,
4,,2026-07-02 10:00,
"""


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command: exit code, stdout and stderr."""

    def _run(*words):
        monkeypatch.setattr("sys.argv", ["continuity", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return stopped.value.code or 0, *capsys.readouterr()

    return _run


@pytest.fixture
def logs(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "services.yaml").write_text(TABLE)
    (folder / "incidents.csv").write_text(ROWS)
    return folder


def test_a_dry_run_says_why_records_cannot_be_used(run, logs):
    code, out, err = run("ingest", logs, "--dry-run")
    assert (code, err) == (0, "")
    said = out.splitlines()
    total = said.index("1 files: 4 records, 1 used, 0 ignored, 3 rejected")
    assert said[total + 1].startswith("rejected 2 in 1 file: started_at: expected a moment")
    assert said[total + 2 :] == ["rejected 1 in 1 file: component: expected a value, got none"]


def test_as_json_too(run, logs):
    _, out, _ = run("ingest", logs, "--dry-run", "--json")
    (file,) = json.loads(out)["files"]
    assert sorted(file["rejected_reasons"].values()) == [1, 2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "--logs", "LOGS", "--out", "LOGS/incidents.csv"], "incidents.csv is a file"),
        (["report", "--logs", "LOGS", "--out", "LOGS/incidents.csv/new"], "incidents.csv is a file"),
        (["report", "--logs", "LOGS", "--period", "2026Q5"], "Expected a period such as"),
        (["report", "--logs", "LOGS", "--as-of", "tomorrow"], "Expected a moment such as"),
        (["report", "--store", "LOGS"], "Expected a store at LOGS, got none there"),
        (["report", "--logs", "NONE"], "Expected logs of a known format at NONE, got no files; see"),
        (["services", "--logs", "NONE"], "Expected logs of a known format at NONE, got no files; see"),
        (["sample", "LOGS"], "Expected an empty folder or an earlier sample at LOGS, got other files"),
        (["sample", "LOGS/incidents.csv"], "(LOGS/incidents.csv)"),
    ],
)
def test_what_is_wrong_is_one_sentence(run, logs, tmp_path, words, said):
    (tmp_path / "none").mkdir()

    def placed(text):
        return text.replace("LOGS", str(logs)).replace("NONE", str(tmp_path / "none"))

    code, out, err = run(*map(placed, words))
    assert (code, out) == (2, "")
    assert placed(said) in err
    assert re.fullmatch(r"continuity: [^\n]+\n", err)
    assert (logs / "services.yaml").read_text() == TABLE


def test_a_sample_may_be_written_again(run, tmp_path):
    for _ in range(2):
        code, out, _ = run("sample", tmp_path / "made", "--months", 1, "--services", 1)
        assert (code, out.startswith("Wrote the logs of 1 services over 1 months")) == (0, True)


@pytest.mark.parametrize(
    ("error", "code"), [(RuntimeError("Query interrupted"), 130), (OSError(28, "No space left on device", "a"), 2)]
)
def test_an_interrupted_query_and_a_full_disk_are_no_traceback(run, monkeypatch, error, code):
    def fail():
        raise error

    monkeypatch.setattr(cli, "app", fail)
    found, _, err = run()
    assert (found, err.count("\n")) == (code, 1)


def test_formats_can_be_asked_for_by_a_word(run):
    code, out, _ = run("formats", "Mapped")
    assert (code, [line for line in out.splitlines() if line and line[0] != " "]) == (
        0,
        ["csv_mapped", "json_mapped", "parquet_mapped"],
    )
    code, out, _ = run("formats", "atlas_snap", "--json")
    assert [(f["format"], f["tables"]) for f in json.loads(out)] == [("atlas_snapshots", ["backups"])]
    code, _, err = run("formats", "nonsense")
    assert code == 2 and "got nonsense" in err


def test_the_draft_of_a_catalogue_tells_how_to_map_what_looks_like_incidents(run, logs):
    (logs / "desk.json").write_text('[{"ticket": 1, "service": "a", "opened": {"at": "b"}, "resolved": "c"}]')
    code, out, _ = run("services", "--logs", logs)
    assert code == 0
    assert out.startswith("# desk.json: no format recognises it: it is a JSON file with the columns ticket, service, ")
    assert (
        'sources: [{path: "desk.json", table: incidents, columns: {incident_id: ticket, component: service, started'
        in out
    )


def test_the_version_is_said(run):
    from continuity_analysis import __version__

    assert run("--version") == (0, f"continuity {__version__}\n", "")
