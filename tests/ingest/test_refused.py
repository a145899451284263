"""What a known tool printed in a form that says nothing of use is skipped with a sentence on what to export instead."""

import re

import pytest

from continuity_analysis.ingest.read import read_files
from continuity_analysis.ingest.registry import formats
from tests.ingest.made_up import made, only

PRINTED = {
    "pgbackrest info": "stanza: shop\n    status: ok\n    cipher: none\n",
    "velero backup get": "NAME      STATUS      ERRORS   WARNINGS   CREATED\nnightly   Completed\n",
    "velero backup describe": "Name:  nightly\nNamespace:  velero\nLabels:  velero.io/storage-location=default\n",
    "kopia snapshot list": f"a@b:/srv\n  2026-07-01 02:00:00 UTC k{'0a' * 16} 5 MB drwxr-xr-x files:1\n",
    "restic snapshots": "ID        Time                 Host        Tags        Paths\n----\n",
    "restic stats": '{"total_size":47,"total_file_count":2,"snapshots_count":3}\n',
    "restic forget": '[{"tags":null,"host":"shop","paths":["/srv"],"keep":[{"time":"2026-07-01T02:00:00Z"}]}]\n',
    "restic check": "load indexes\ncheck all packs\nno errors were found\n",
    "restic check --json": '{"message_type":"summary","num_errors":0,"broken_packs":null}\n',
    "barman list-backups": "shop 20260701T020000 - F - Wed Jul  1 02:10:00 2026 - Size: 7 MiB - WAL Size: 0 B\n",
    "barman check": '{"shop": {"archiver_errors": {"hint": "", "status": "OK"}}}\n',
    "barman backup": "Starting backup using postgres method for server shop in /b\n",
    "barman -f json backup": '{"_INFO": ["Starting backup using postgres method for server shop in /b"]}\n',
    "pbm list": "Backup snapshots:\n  2026-07-01T02:00:00Z <logical> [restore_to_time: 2026-07-01T02:05:00]\n",
    "pbm status": "Backups:\n========\nS3 eu-1 https://s3.example.com/b\n",
    "borg info of a repository": '{\n    "cache": {\n        "path": "/c"}, "repository": {}}\n',
    "borg --log-json": '{"type": "log_message", "time": 1795399146.4, "message": "Keeping archive"}\n',
    "wal-g wal-verify": '{\n  "integrity": {\n    "status": "FAILURE", "details": []}}\n',
    "healthchecks": '{"checks": [{"name": "dump", "status": "up"}]}\n',
    "pagerduty alerts": '{\n "alerts": [{"id": "P1", "type": "alert"}]}\n',
    "upptime summary": '[{"name": "shop", "slug": "shop", "uptime": "99.9%", "uptimeDay": "100%"}]\n',
}


@pytest.mark.parametrize("text", PRINTED.values(), ids=PRINTED)
def test_it_is_told_what_to_export_instead(text: str, tmp_path) -> None:
    (tmp_path / "printed").write_text(text)
    (reading,) = read_files([tmp_path / "printed"])
    assert reading.format is None
    assert "export" in reading.reason or "see `" in reading.reason
    assert reading.reason in {sentence for one in formats().values() for sentence in one.refuses}


def test_only_files_that_no_format_claims_are_told_so(tmp_path) -> None:
    (tmp_path / "a.json").write_text('{"outages": []}')
    with only(made(REFUSES={"never": "outages"})):
        (reading,) = read_files([tmp_path / "a.json"])
    assert reading.format == "made_outages"


def test_every_sentence_is_seen_by_a_test() -> None:
    sentences = {(n, s): p for n, one in formats().items() for s, p in one.refuses.items()}
    unseen = [n for (n, _), p in sentences.items() if not any(re.search(p, t) for t in PRINTED.values())]
    assert set(unseen) <= {"mongodb_rs_status"}
