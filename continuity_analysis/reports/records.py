"""What a run keeps for the next one: per report, and for the whole, its fingerprint and the files it wrote."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from pathlib import Path

from continuity_analysis.reports.fingerprints import file_digest
from continuity_analysis.reports.locking import KEPT
from continuity_analysis.reports.results import ReportResult, RunResult, write

WHOLE = "run.json"


def keep_report(folder: Path, report: ReportResult, *, fingerprint: str) -> None:
    """Keep the record of a report; that of one that failed has no fingerprint, so that it is made again.

    Parameters
    ----------
    folder : Path
        Of the run.
    report : ReportResult
    fingerprint : str
        Of all it was made from.
    """
    made = {name: value for name, value in asdict(report).items() if name != "failure"}
    files = [part for part in (report.notebook, report.html, report.pdf, report.deck) if part]
    known = fingerprint if report.failure is None else None
    _keep(folder, _place(report.name), {"fingerprint": known, "report": made, "files": files})


def unchanged_report(folder: Path, name: str, *, fingerprint: str | None) -> ReportResult | None:
    """The report as an earlier run left it, if it was made from the same and all its files are as they were written.

    Parameters
    ----------
    folder : Path
        Of the run.
    name : str
        Of the notebook.
    fingerprint : str or None
        None for any.
    """
    record = _read(folder, _place(name))
    if record is None or record["fingerprint"] is None or fingerprint not in (None, record["fingerprint"]):
        return None
    return ReportResult(**record["report"])


def forget_report(folder: Path, name: str) -> None:
    """Forget the record of a report that is about to be made again."""
    (folder / KEPT / _place(name)).unlink(missing_ok=True)


def remove_others(folder: Path, notebooks: Iterable[str], *, present: Collection[str]) -> list[str]:
    """Remove what earlier runs made of services that are no longer there.

    Parameters
    ----------
    folder : Path
        Of the run.
    notebooks : iterable of str
        Names of those that are run once per service.
    present : collection of str
        Names of the reports that stay.

    Returns
    -------
    list of str
        Names of the reports that were removed. A file that is no longer as a run wrote it stays where it is.
    """
    kept = (file for notebook in notebooks for file in sorted((folder / KEPT / "reports" / notebook).glob("*.json")))
    gone = [name for file in kept if (name := f"{file.parent.name}/{file.stem}") not in present]
    for name in gone:
        for file in _as_written(folder, name):
            file.unlink()
        forget_report(folder, name)
    return gone


def _as_written(folder: Path, name: str) -> list[Path]:
    """The files of a report's record that nobody has changed since."""
    try:
        files = json.loads((folder / KEPT / _place(name)).read_text(encoding="utf-8"))["files"]
        return [folder / file for file, digest in files.items() if digest and digest == file_digest(folder / file)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def keep_run(root: Path, result: RunResult, *, fingerprint: str) -> None:
    """Keep the record of a whole run, if all of it went well.

    Parameters
    ----------
    root : Path
        What `--out` names; the run's own folder is this or one below it.
    result : RunResult
    fingerprint : str
        Of all it was made from.
    """
    inner = result.folder.relative_to(root)
    if not result.failed:
        files = sorted({str(inner / "index.html"), str(inner / "summary.json"), "index.html"})
        record = {"fingerprint": fingerprint, "folder": str(inner), "about": result.about, "files": files}
        record["reports"] = [report.name for report in result.reports]
        _keep(root, WHOLE, record)


def unchanged_run(root: Path, *, fingerprint: str) -> RunResult | None:
    """The run as an earlier one left it, if it was made from the same and all its files are as they were written.

    Parameters
    ----------
    root : Path
        What `--out` names.
    fingerprint : str
        Of all it is to be made from.
    """
    record = _read(root, WHOLE)
    if record is None or record["fingerprint"] != fingerprint:
        return None
    folder, names = root / record["folder"], record.get("reports", [])
    reports = tuple(unchanged_report(folder, name, fingerprint=None) for name in names)
    if None in reports or not reports:
        return None
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    about = tuple((label, text) for label, text in record["about"])
    return RunResult(folder, reports, summary, unchanged=tuple(names), about=about)


def forget_run(root: Path) -> None:
    """Forget the record of the whole, as its files are about to be made again."""
    (root / KEPT / WHOLE).unlink(missing_ok=True)


def _place(name: str) -> str:
    return f"reports/{name}.json"


def _keep(folder: Path, place: str, record: dict) -> None:
    digests = {file: file_digest(folder / file) for file in record["files"]}
    write(folder / KEPT / place, json.dumps(record | {"files": digests}, indent=1, ensure_ascii=False) + "\n")


def _read(folder: Path, place: str) -> dict | None:
    """A record whose files are all there, as they were written; a record that cannot be read is none."""
    try:
        record = json.loads((folder / KEPT / place).read_text(encoding="utf-8"))
        intact = all(digest and digest == file_digest(folder / file) for file, digest in record["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return record if intact else None
