"""Files as they lie on disk: found in folders, unpacked, put into UTF-8, and fingerprinted."""

import codecs
import errno
import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from continuity_analysis.catalog import FILE_NAME
from continuity_analysis.errors import InputError

_CHUNK = 1 << 20
_HASHING = ThreadPoolExecutor(1, thread_name_prefix="fingerprint")
_PIECE = 1 << 16
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, OSError)


@dataclass(frozen=True)
class LogFile:
    """A file to be read: its path, and its name relative to what was given, with `/` between the parts."""

    name: str
    path: Path


@dataclass(frozen=True)
class PlainFile:
    """A file ready to be read: unpacked and in UTF-8 where its bytes say so.

    Attributes
    ----------
    name : str
        Relative name of the file as it was given, packed or not.
    path : pathlib.Path
        Where the plain bytes lie: the file itself, or a copy in the working folder.
    digest : Future of str
        Of `fingerprint`, which is made while the file is read.
    size : int
        Length of the plain bytes [B].
    trouble : str or None
        Where unpacking had to stop; what came out before is kept.
    """

    name: str
    path: Path
    digest: Future
    size: int
    trouble: str | None = None

    @property
    def fingerprint(self) -> str:
        """sha256 of the bytes as given."""
        return self.digest.result()


def list_files(paths: str | Path | Iterable[str | Path]) -> list[LogFile]:
    """Every file under `paths`, sorted by relative name; hidden ones, the catalogue and stores are left out.

    A file named directly is taken whatever its name; a file that is reached twice is taken once. Links are followed.

    Raises
    ------
    InputError
        If a path does not exist.
    """
    found: dict[str, LogFile] = {}
    for path in map(Path, [paths] if isinstance(paths, (str, Path)) else paths):
        if not path.exists():
            raise InputError(f"Expected a file or folder of logs, got {str(path)!r}, which does not exist.")
        for file in _below(path, "", set()) if path.is_dir() else [LogFile(_shown(path.name), path)]:
            found.setdefault(os.path.realpath(file.path), file)
    return sorted(found.values(), key=lambda f: (f.name, str(f.path)))


def _below(folder: Path, prefix: str, seen: set[str]) -> Iterator[LogFile]:
    """Files below a folder; a folder that cannot be listed stands for itself, so that it is named."""
    seen.add(os.path.realpath(folder))
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        yield LogFile(prefix.rstrip("/") or _shown(folder.name), folder)
        return
    for path in paths:
        name = prefix + _shown(path.name)
        if path.name.startswith(".") or path.name == FILE_NAME:
            continue
        if not path.is_dir():
            yield LogFile(name, path)
        elif os.path.realpath(path) not in seen and not (path / "_delta_log").is_dir():  # a table of a store
            yield from _below(path, f"{name}/", seen)


def _shown(name: str) -> str:
    """A file name as valid text, whatever bytes it is made of."""
    return name.encode("utf-8", errors="replace").decode("utf-8")


def make_plain(file: LogFile, working: Path) -> PlainFile:
    """Begin to fingerprint `file` and, where it is packed or in UTF-16, write a plain UTF-8 copy into `working`.

    Raises
    ------
    OSError
        If the file cannot be read, or is none (a pipe, a device).
    """
    if file.path.exists() and not file.path.is_file() and not file.path.is_dir():
        raise OSError(errno.EINVAL, "it is no regular file")
    with file.path.open("rb") as stream:
        first = stream.read(4)
    digest = _HASHING.submit(_fingerprint, file.path)
    packed = file.path.suffix.lower()
    packed = packed if packed in _UNPACK and _is_packed(packed, first) else ""
    if not packed and not _utf16(first):
        return PlainFile(file.name, file.path, digest, file.path.stat().st_size)
    copy = Path(mkdtemp(dir=working)) / "plain"
    trouble = _unpack(file.path, packed, copy) if packed else None
    source = copy if packed else file.path
    with source.open("rb") as stream:
        encoding = _utf16(stream.read(4))
    if encoding:
        target = copy.with_name("utf8")
        _recode(source, encoding, target)
        copy = target
    return PlainFile(file.name, copy, digest, copy.stat().st_size, trouble)


def _fingerprint(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_packed(suffix: str, first: bytes) -> bool:
    return first.startswith(b"\x1f\x8b" if suffix == ".gz" else b"\x28\xb5\x2f\xfd")


def _utf16(first: bytes) -> str | None:
    return "utf-16" if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else None


def _open_gz(path: Path) -> BinaryIO:
    return gzip.open(path, "rb")


def _open_zst(path: Path) -> BinaryIO:
    import pyarrow as pa

    return pa.input_stream(str(path), compression="zstd")


_UNPACK = {".gz": _open_gz, ".zst": _open_zst}


def _unpack(path: Path, packed: str, copy: Path) -> str | None:
    """Unpack into `copy` as far as it goes; where it stops early, the reason."""
    size = 0
    with copy.open("wb") as target:
        try:
            with _UNPACK[packed](path) as stream:
                while chunk := stream.read1(_PIECE):
                    size += target.write(chunk)
        except _BROKEN as error:
            return f"the packed file is cut off or damaged: {size} bytes could be unpacked, then {error}"
    return None


def _recode(source: Path, encoding: str, target: Path) -> None:
    decode = codecs.getincrementaldecoder(encoding)(errors="replace").decode
    with source.open("rb") as stream, target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            out.write(decode(chunk).encode("utf-8"))
        out.write(decode(b"", True).encode("utf-8"))
