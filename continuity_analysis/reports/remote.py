"""Runs kept at a URL (s3://, gs://, abfs://, memory://, …): made in a folder of this machine, then copied there.

fsspec does the copying; the package for a kind of URL, such as s3fs, is installed by whoever uses it, and reads its own
credentials from the environment. Object stores have no lock, and of a run that was killed nothing is there.
"""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from continuity_analysis.errors import InputError
from continuity_analysis.reports.fingerprints import file_digest
from continuity_analysis.reports.locking import KEPT, LOCK


@contextmanager
def local_folder(out: "str | Path", *, with_earlier: bool) -> Iterator[Path]:
    """A folder of this machine that stands for `out`: itself, or a copy of a URL, which is brought back in the end.

    Parameters
    ----------
    out : path or URL
        What `--out` names.
    with_earlier : bool
        Whether what is at the URL already is needed.

    Raises
    ------
    InputError
        If the URL cannot be read or written, or its kind needs a package that is not installed.
    """
    if "://" not in str(out):
        yield Path(out)
        return
    with TemporaryDirectory(prefix="continuity-") as temporary:
        folder = Path(temporary) / "out"
        folder.mkdir()
        with _said(out):
            system, root = _opened(str(out))
            if with_earlier and system.exists(root):
                system.get(f"{root}/", f"{folder}/", recursive=True)
        before = _digests(folder)
        yield folder
        with _said(out):
            _bring_back(folder, before, system=system, root=root)


def _opened(url: str) -> tuple:
    from fsspec.core import url_to_fs

    system, root = url_to_fs(url)
    return system, root.rstrip("/")


def _bring_back(folder: Path, before: dict[str, str], *, system, root: str) -> None:
    """Write what is new or other, pages that link to others last; then remove what is no longer there."""
    after = _digests(folder)
    changed = [name for name, digest in after.items() if before.get(name) != digest]
    for name in sorted(changed, key=lambda name: (name.endswith("index.html"), -name.count("/"), name)):
        place = f"{root}/{name}"
        system.makedirs(posixpath.dirname(place), exist_ok=True)
        system.put_file(str(folder / name), place)
    for name in before.keys() - after.keys():
        system.rm_file(f"{root}/{name}")


def _digests(folder: Path) -> dict[str, str]:
    """Name -> digest of each file; the lock is nobody else's."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: file_digest(path) or "" for name, path in files.items() if name != f"{KEPT}/{LOCK}"}


@contextmanager
def _said(url: "str | Path") -> Iterator[None]:
    try:
        yield
    except Exception as error:  # each kind of store has errors of its own
        said = (str(error).strip().splitlines() or [""])[0]
        raise InputError(f"Expected to read and write {url}, got {type(error).__name__}: {said}") from error
