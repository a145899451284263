"""README and its neighbours say what is so: formats, commands, links, Python."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from continuity_analysis.ingest.registry import formats

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md"]


def blocks(language):
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", README, flags=re.S | re.M)


def continuity(*arguments):
    command = [sys.executable, "-m", "continuity_analysis", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def test_the_list_of_formats_is_in_step():
    listed = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", README, flags=re.M)
    known = [(f.name, f.title, f.fills) for f in formats().values()]
    assert listed == known


def test_its_commands_are_those_that_exist():
    told = {shlex.split(line)[1] for b in blocks("sh") for line in b.splitlines() if "/continuity " in line}
    listed = set(re.search(r"lists them: (.*?)\.", README).group(1).replace("`", "").split(", "))
    text = continuity("--help").stdout
    offered = set(re.findall(r"^  (\w+)  ", text.split("Commands:")[1], flags=re.M))
    assert listed == offered
    assert told <= offered


def test_its_make_targets_exist():
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), flags=re.M))
    told = set(re.findall(r"make ([a-z]+)", README))
    assert told <= targets
    assert {"help", "report", "test", "lab", "bench", "strip", "clean"} == targets


def test_its_options_are_those_of_the_commands():
    for block in blocks("sh"):
        for line in block.splitlines():
            if "/continuity " in line:
                command, *rest = shlex.split(line.split(">")[0])[1:]
                text = continuity(command, "--help").stdout
                for option in (r for r in rest if r.startswith("--")):
                    assert f"{option} " in text, line


def test_its_five_minutes_work(tmp_path):
    """The steps of 'Your own logs', on a folder that has two of the sample's files."""
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("pagerduty/incidents-2026-10-01.json", "velero/backups-2026-10-01.json"):
        (logs / Path(name).name).write_bytes((ROOT / "data" / "sample" / name).read_bytes())
    assert continuity("ingest", str(logs), "--dry-run").returncode == 0
    draft = continuity("services", "--logs", str(logs))
    assert draft.returncode == 0
    (logs / "services.yaml").write_text(draft.stdout, encoding="utf-8")
    store = str(tmp_path / "store")
    assert continuity("ingest", str(logs), "--store", store).returncode == 0
    again = continuity("services", "--store", store, "--catalog", str(logs / "services.yaml"))
    assert again.stdout.startswith("# Every component and asset seen is claimed")


def test_its_python_runs(monkeypatch):
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    monkeypatch.chdir(ROOT)
    (program,) = blocks("python")
    exec(compile(program, "README.md", "exec"), {})
    plt.close("all")


def test_its_catalogue_is_understood():
    import yaml

    from continuity_analysis.catalog import read_catalog

    (example,) = blocks("yaml")
    assert read_catalog(yaml.safe_load(example)).services["checkout"].watched_by == ("pagerduty",)


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\((?!http)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_what_is_wrong_is_one_sentence_and_exit_code_2():
    """Of the process itself; test_cli has more of them, without one."""
    for arguments, words in {
        ("report", "--logs", "tests/fixtures/drills_csv", "--period", "soon"): "Expected a period such as",
        ("services",): "Expected either --store or --logs",
        ("ingest", "no-such-folder"): "no-such-folder",
    }.items():
        ran = continuity(*arguments)
        assert ran.returncode == 2, ran.stderr
        assert words in ran.stderr
        assert len(ran.stderr.splitlines()) == 1
        assert "Traceback" not in ran.stderr
