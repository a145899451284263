"""Which files are read, in which order, and how they are made plain."""

import os
from pathlib import Path

import pytest

from continuity_analysis.errors import InputError
from continuity_analysis.ingest.files import list_files, make_plain
from continuity_analysis.ingest.read import read_files

RECORD = b'{"id": "1", "at": {"site": "s"}}'


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(RECORD)


def test_a_tree_in_order_without_hidden_files_and_catalogue(tmp_path: Path) -> None:
    write(tmp_path, "b.json", "a/z.json", "a/b/c.json", ".hidden", ".git/x.json", "services.yaml", "a/services.yaml")
    assert [file.name for file in list_files(tmp_path)] == ["a/b/c.json", "a/z.json", "b.json"]


def test_a_file_named_directly_is_taken_and_only_once(tmp_path: Path) -> None:
    write(tmp_path, ".hidden.json", "a.json")
    files = list_files([tmp_path / "a.json", tmp_path / ".hidden.json", tmp_path])
    assert [file.name for file in files] == [".hidden.json", "a.json"]


def test_links_are_followed_and_loops_are_not(tmp_path: Path) -> None:
    write(tmp_path, "logs/a.json", "elsewhere/b.json")
    (tmp_path / "logs/more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "logs/loop").symlink_to(tmp_path / "logs")
    (tmp_path / "logs/gone.json").symlink_to(tmp_path / "nowhere")
    assert [file.name for file in list_files(tmp_path / "logs")] == ["a.json", "gone.json", "more/b.json"]
    reasons = {reading.file: reading.reason for reading in read_files(tmp_path / "logs")}
    assert reasons["gone.json"] == "cannot be read: No such file or directory"


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        list_files([tmp_path / "nowhere"])


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (reading,) = read_files([tmp_path])
    assert reading.reason == "cannot be read: it is no regular file"


@pytest.mark.skipif(os.geteuid() == 0, reason="everything can be read as root")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, "secret.json", "closed/a.json")
    (tmp_path / "secret.json").chmod(0)
    (tmp_path / "closed").chmod(0)
    reasons = {reading.file: reading.reason for reading in read_files([tmp_path])}
    (tmp_path / "closed").chmod(0o700)
    assert reasons == dict.fromkeys(("closed", "secret.json"), "cannot be read: Permission denied")


def test_names_that_look_like_patterns_are_names(tmp_path: Path) -> None:
    write(tmp_path, "a*.json", "a[1].json", "a1.json", "quote'.json", "a?.json", "{x}.json")
    for file in list_files(tmp_path):
        assert make_plain(file, tmp_path).path == file.path
    assert len(list(read_files([tmp_path]))) == 6


def test_the_fingerprint_is_of_the_bytes_as_given(tmp_path: Path) -> None:
    import gzip
    import hashlib

    packed = gzip.compress(RECORD)
    (tmp_path / "a.json.gz").write_bytes(packed)
    (file,) = list_files(tmp_path)
    plain = make_plain(file, tmp_path)
    assert plain.fingerprint == hashlib.sha256(packed).hexdigest()
    assert plain.path.read_bytes() == RECORD
    assert plain.size == len(RECORD)
