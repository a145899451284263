"""Words that look alike and are not: what every backup tool means by them, and what may pass for a recovery point.

One record for each word of each tool, made from a fixture's own record, so that nothing but the word differs. `GONE` is
what the listing shows and nobody may count on; `LEFT_OUT` is what leaves no row.
"""

import json
from collections import Counter
from copy import deepcopy

import pytest

from continuity_analysis.catalog import read_catalog
from continuity_analysis.ingest.read import read_files
from continuity_analysis.measurements.backup_moments import AT_END
from tests.ingest.samples import FIXTURES, all_samples

USABLE, PARTIAL, FAILED, RUNNING, GONE, ABORTED = "completed", "partial", "failed", "running", "deleted", "aborted"
LEFT_OUT = None


def _words(usable="", partial="", failed="", running="", **more):
    """By word what it means; words are parted by blanks, "-" is the empty one."""
    meant = {USABLE: usable, PARTIAL: partial, FAILED: failed, RUNNING: running, **more}
    return {"" if word == "-" else word: means for means, words in meant.items() for word in words.split()}


_PBM_RUNNING = "init ready starting running dumpDone copyReady copyDone cleanupCluster down"
_OPERATOR = {"usable": "ready", "running": "- waiting requested running"}
WORDS = {
    "pbm_status": _words("done", failed="error canceled cancelled", running=_PBM_RUNNING),
    "pbm_restores": _words("done", failed="error partlyDone", running=_PBM_RUNNING, aborted="canceled cancelled"),
    "psmdb_backups": _words(failed="error", **_OPERATOR),
    "psmdb_restores": _words(failed="error rejected", **_OPERATOR),
    "atlas_snapshots": _words("completed", failed="failed", running="queued inProgress"),
    "atlas_flex_snapshots": _words("COMPLETED", failed="FAILED", running="PENDING RUNNING QUEUED"),
    "velero_backups": _words("Completed", "PartiallyFailed", "Failed FailedValidation",
        "New Queued ReadyToStart InProgress WaitingForPluginOperations WaitingForPluginOperationsPartiallyFailed "
        "Finalizing FinalizingPartiallyFailed", deleted="Deleting"),
    "kopia_snapshots": {"": USABLE, "numFailed": PARTIAL, "checkpoint": LEFT_OUT, "canceled": LEFT_OUT,
                        "limit reached": LEFT_OUT},
    "pgbackrest_info": {"false": USABLE, "true": PARTIAL},
    "barman_list_backups": _words("DONE", failed="FAILED", running="EMPTY STARTED SYNCING WAITING_FOR_WALS"),
    "awsbackup_jobs": _words("COMPLETED", "PARTIAL", "FAILED ABORTED EXPIRED", "CREATED PENDING RUNNING ABORTING"),
    "awsbackup_recovery_points": _words("COMPLETED AVAILABLE STOPPED EXPIRED", "PARTIAL", running="CREATING",
                                        deleted="DELETING"),
    "bareos_jobs": _words("T W", "I", "E e f A", "R C B F S m M s j c d t p i a l L q"),
    "veeam_backup_sessions": _words("Success Warning", failed="Failed", running="None InProgress Pending -"),
}  # fmt: skip
# sample, the place of its records, which of them, and the keys of id and word in it
_PLACES = {
    "pbm_status": ("sharded_with_every_state.json", "backups.snapshot", 2, "name", "status"),
    "pbm_restores": ("listed.json", "", 0, "name", "status"),
    "psmdb_backups": ("every_state.json", "items", 0, "metadata.name", "status.state"),
    "psmdb_restores": ("every_state.json", "items", 0, "metadata.name", "status.state"),
    "atlas_snapshots": ("every_state.json", "results", 0, "id", "status"),
    "atlas_flex_snapshots": ("every_state.json", "results", 0, "id", "status"),
    "velero_backups": ("kubectl_list_with_every_phase.json", "items", 0, "metadata.name", "status.phase"),
    "kopia_snapshots": ("every_kind.json", "", 0, "id", "incomplete"),
    "pgbackrest_info": ("two_stanzas_two_repositories_and_a_damaged_page.json", "0.backup", 0, "label", "error"),
    "barman_list_backups": ("failed_killed_and_waiting.json", "orders", 0, "backup_id", "status"),
    "awsbackup_jobs": ("every_state_in_seconds.json", "BackupJobs", 0, "BackupJobId", "State"),
    "awsbackup_recovery_points": ("every_status.json", "RecoveryPoints", 0, "RecoveryPointArn", "Status"),
    "bareos_jobs": ("every_type_and_letter.json", "result.jobs", 0, "job", "jobstatus"),
}
_IDS = {"pbm_status": "2026-07-09T03:{:02d}:02Z", "pbm_restores": "2026-08-30T08:{:02d}:00Z",
        "atlas_snapshots": "6a4f38e0a1b2c3d4e5f6{:04x}", "barman_list_backups": "20261126T0009{:02d}",
        "pgbackrest_info": "20261123-0417{:02d}F"}  # fmt: skip


def _at(value, path, put=None):
    """What lies at a dotted path, or with `put` is put there."""
    *way, last = [int(p) if p.isdigit() else p for p in path.split(".")] if path else [None]
    for part in way:
        value = value[part]
    if last is None:
        return value
    if put is not None:
        value[last] = put
    return value.get(last) if isinstance(value, dict) else value[last]


def _json_of(name):
    sample, place, number, key, word_key = _PLACES[name]
    page = json.loads((FIXTURES / name / sample).read_text(encoding="utf-8"))
    listed = _at(page, place)
    record = listed[number]
    listed.clear()
    for n, word in enumerate(WORDS[name]):
        one = deepcopy(record)
        _at(one, key, put=_IDS.get(name, "word-{:02d}").format(n))
        if word == "numFailed":
            one["rootEntry"]["summ"]["numFailed"] = 1
        elif word or name != "kopia_snapshots":
            _at(one, word_key, put=word == "true" if name == "pgbackrest_info" else word)
        listed.append(one | ({"retention_status": "OBSOLETE"} if name == "barman_list_backups" else {}))
    return json.dumps(page)


def _text_of(name):
    if name != "veeam_backup_sessions":
        return _json_of(name)
    rows = [f'"shop","{w}","40","6.5","3.3x","1.9x","7/13/2026 1:{n:02d}:00 AM"' for n, w in enumerate(WORDS[name])]
    return '"JobName","Result","DataSize(GB)","BackupSize(GB)","DedupRatio","CompressRatio","Date"\n' + "\n".join(rows)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """By format the rows of its one file, by the number of their record."""
    folder = tmp_path_factory.mktemp("words")
    for name in WORDS:
        ending = "csv" if name.startswith("veeam") else "json"
        (folder / f"{name}.{ending}").write_text(_text_of(name), encoding="utf-8")
    readings = list(read_files([folder], catalog=read_catalog(None), timezone="UTC"))
    found = {}
    for reading in readings:
        table = "recoveries" if reading.format.endswith("restores") else "backups"
        found[reading.format] = {row["record_no"]: row for row in reading.tables[table].to_pylist()}
    return found


@pytest.mark.parametrize("name", WORDS)
def test_every_word_of_a_tool_means_what_the_tool_means(name, read):
    rows = read[name]
    said = {word: rows.get(n, {"status": LEFT_OUT})["status"] for n, word in enumerate(WORDS[name], 1)}
    assert said == WORDS[name]


@pytest.mark.parametrize("name", [n for n in WORDS if not n.endswith("restores")])
def test_only_what_leaves_something_to_restore_has_a_recovery_point(name, read):
    """A run that failed or still runs has none, whatever moments its record names."""
    held = {row["status"] for row in read[name].values() if row["recovery_point_at"] is not None}
    assert held <= {USABLE, PARTIAL, GONE}


@pytest.mark.parametrize(("code", "status"), [(0, USABLE), (3, PARTIAL), (1, FAILED), (None, None)])
def test_restic_tells_a_partial_run_by_its_exit_code_alone(code, status, tmp_path):
    summary = {"message_type": "summary", "snapshot_id": "a" * 64, "backup_start": "2026-08-30T08:00:00Z"}
    summary |= {"backup_end": "2026-08-30T08:01:00Z", "total_bytes_processed": 1, "files_new": 1}
    lines = [summary, *([] if code is None else [{"message_type": "exit", "code": code}])]
    (tmp_path / "run.ndjson").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    (reading,) = read_files([tmp_path], catalog=read_catalog(None))
    assert reading.format == "restic_backup"
    assert [row["status"] for row in reading.tables["backups"].to_pylist()] == [status]


LISTED_ALIKE = ("restic_snapshots", "borg_list", "borg_info")
ONE_FILE_AFTER_THE_OTHER = (*LISTED_ALIKE, "restic_backup", "kopia_snapshots", "velero_backups")


@pytest.fixture(scope="module")
def expected():
    """Every backup of every fixture, as it must be read."""
    samples = [(sample.format, sample.expected["tables"].get("backups", [])) for sample in all_samples()]
    return [row | {"format": name} for name, rows in samples for row in rows]


def test_a_listing_that_shows_good_and_partial_runs_alike_says_nothing_of_how_they_ended(expected):
    seen = Counter((row["format"], row.get("status")) for row in expected if row["format"] in LISTED_ALIKE)
    assert set(seen) == {(name, None) for name in LISTED_ALIKE}


def test_the_point_of_files_copied_one_after_the_other_is_the_start(expected):
    points = [row for row in expected if row["format"] in ONE_FILE_AFTER_THE_OTHER and row.get("recovery_point_at")]
    assert {row["format"] for row in points} == set(ONE_FILE_AFTER_THE_OTHER)
    assert {row["recovery_point_basis"] for row in points} == {"job_start"}


def test_no_format_takes_the_end_of_a_run_for_its_recovery_point_unless_the_tool_says_so(expected):
    """A point at the end names what it rests on; of a run that failed or still runs there is none."""
    ends = {"started_at", "finished_at", "recovery_point_at"}
    late = [r for r in expected if ends <= r.keys() and r["started_at"] < r["finished_at"] == r["recovery_point_at"]]
    assert late and {row["recovery_point_basis"] for row in late} <= set(AT_END)
    assert not [row for row in expected if row.get("status") in (FAILED, RUNNING) and "recovery_point_at" in row]


def test_mongodump_without_its_oplog_holds_no_single_moment(expected):
    rows = [row for row in expected if row["format"] == "mongodump_log"]
    points = {row.get("recovery_point_basis") for row in rows if row.get("recovery_point_at")}
    assert points == {"oplog_end"} and any("recovery_point_at" not in row and "started_at" in row for row in rows)
