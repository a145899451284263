"""Files that could not be read into the store of a single run, kept beside its tables so that its reports name them.

A store that grows keeps no such list: a file that no format claims today may be read tomorrow. `continuity ingest` says
which they are each time.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from continuity_analysis.store.folder import UNREAD

SAME_CONTENT = "same content as"


def keep_unread(store: Path, files: Iterable[tuple[str, str]]) -> None:
    """Note the files (name and reason) that were not read into the store of this run."""
    (store / UNREAD).write_text(json.dumps(list(files), ensure_ascii=False), encoding="utf-8")


def read_unread(store: str | Path) -> list[tuple[str, str]]:
    """Name and reason of each file that was not read; none where nothing was noted."""
    path = Path(store) / UNREAD
    if "://" in str(store) or not path.is_file():
        return []
    return [(file, reason) for file, reason in json.loads(path.read_text(encoding="utf-8"))]
