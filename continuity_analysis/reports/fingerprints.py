"""Fingerprints: one text that is another as soon as anything is that a report's output depends on.

What counts: the notebook's file and the files beside it, its parameters, the logs or the store, the catalogue, the
formats and the template, this package's own files, and the versions of everything installed. What a notebook fetches
from elsewhere is not seen. The history of verdicts in a store is left out, as every run adds to it: a page shows it as
it stood when the page was made.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from continuity_analysis.catalog.finding import catalog_file
from continuity_analysis.ingest.files import list_files

if TYPE_CHECKING:
    from continuity_analysis.reports.facts import RunFacts
    from continuity_analysis.reports.run import RunOptions

_PLACES = ("store", "answers")
_PACKAGE = Path(__file__).resolve().parents[1]
_TEXTS = ("period", "as_of", "timezone", "keep", "notebooks_dir", "formats", "each", "each_formats")


def inputs_fingerprint(options: "RunOptions") -> str:
    """Of everything that all notebooks of a run share: data, catalogue, template, formats, program.

    Parameters
    ----------
    options : RunOptions
        Taken as given: a store that is not there counts as empty.

    Raises
    ------
    InputError
        If the logs are not there.
    """
    given = options.store if options.logs is None else options.logs
    catalog = options.catalog or catalog_file([given or "."])
    files = [Path(p) for p in (catalog, options.template) if p is not None]
    shared = {"data": _data(options), "files": _contents(files), "formats": list(options.formats)}
    return _digest(shared | {"program": program_fingerprint()})


def run_fingerprint(notebooks: Mapping[str, Path], options: "RunOptions", *, inputs: str) -> str:
    """Of a whole run, from its options as they were given.

    Parameters
    ----------
    notebooks : mapping
        Name -> path, in the order asked for.
    options : RunOptions
    inputs : str
        What `inputs_fingerprint` returned.
    """
    asked = {name: str(getattr(options, name)) for name in _TEXTS}
    asked |= {"places": [str(options.logs), str(options.store), str(options.catalog)]}
    asked |= {"parameters": sorted((name, repr(value)) for name, value in options.parameters.items())}
    return _digest([inputs, asked, [[name, _notebook(path)] for name, path in notebooks.items()]])


def notebook_fingerprint(path: Path, given: Mapping[str, object], *, facts: "RunFacts", inputs: str) -> str:
    """Of one report.

    Parameters
    ----------
    path : Path
        The notebook as written.
    given : mapping
        All it is given; the places of the store and of answers are left out, as these are others in each run.
    facts : RunFacts
        What stands on its page.
    inputs : str
        What `inputs_fingerprint` returned.
    """
    values = sorted((name, repr(value)) for name, value in given.items() if name not in _PLACES)
    return _digest([inputs, _notebook(path), values, repr(facts)])


@cache
def program_fingerprint() -> str:
    """Of this package's files, the interpreter and everything installed for it."""
    own = sorted(p for p in _PACKAGE.rglob("*") if p.is_file() and p.suffix != ".pyc")
    folders = {Path(folder).resolve() for folder in sys.path if Path(folder).is_dir()}
    installed = sorted(p.name for folder in folders for p in folder.glob("*.dist-info"))
    return _digest([sys.version, _contents(own), installed])


def file_digest(path: Path) -> str | None:
    """SHA-256 of a file's content; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _data(options: "RunOptions") -> object:
    """Logs by their content. A local store by its Delta logs, which name all it holds; another by its exports."""
    if options.logs is not None:
        return [(log.name, file_digest(log.path)) for log in list_files(options.logs)]
    if options.store is None:
        return None
    if "://" not in str(options.store):
        store = Path(options.store)
        logs = [p for p in store.glob("*/_delta_log/*") if p.parts[-3] != "verdicts"]
        return _contents(sorted([*logs, *(p for p in store.glob("*") if p.is_file())]))
    from continuity_analysis.store import read_exports

    return [repr(row) for row in read_exports(options.store).to_pylist()]


def _notebook(path: Path) -> list:
    """The notebook's content; the files beside it, which it may read or import, by size and moment of change."""
    beside = sorted(p for p in path.resolve().parent.iterdir() if p.is_file() and p.suffix != ".ipynb")
    return [file_digest(path), [[p.name, p.stat().st_size, p.stat().st_mtime_ns] for p in beside]]


def _contents(files: Iterable[Path]) -> list[tuple[str, str | None]]:
    return [(str(file), file_digest(file)) for file in files]


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
