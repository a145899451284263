import gzip
import json
import re
from pathlib import Path

import numpy as np
import pytest

from continuity_analysis.sample_data import make_services, simulate_incidents, write_incidents_only, write_sample

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
LIMIT_BYTES = 3_000_000


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    return folder, write_sample(folder, seed=3, months=6, services=10)


def contents(folder: Path) -> dict[str, bytes]:
    """By name; compressed ones unpacked, since another zlib may pack them otherwise."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    unpacked = {p: gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files}
    return {str(p.relative_to(folder)): content for p, content in unpacked.items()}


def pages(folder: Path, pattern: str) -> list[dict]:
    return [json.loads(p.read_text()) for p in sorted(folder.glob(pattern))]


def incidents(folder: Path) -> list[list[dict]]:
    """Each export's incidents, in order of the exports."""
    files = pages(folder, "pagerduty/incidents-*.json")
    return [[i for page in (f if isinstance(f, list) else [f]) for i in page["incidents"]] for f in files]


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_sample(tmp_path / name, seed=seed, months=2, services=3)
    a, b, c = (contents(tmp_path / name) for name in "abc")
    assert a == b
    assert a.keys() == c.keys()
    assert all(a[name] != c[name] for name in a if name != "services.yaml")


def test_the_committed_sample_is_what_the_default_seed_writes(tmp_path):
    write_sample(tmp_path)
    assert contents(tmp_path) == contents(SAMPLE)


def test_the_committed_sample_is_small_and_names_no_real_host():
    files = contents(SAMPLE)
    assert sum(p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file()) < LIMIT_BYTES
    hosts = {h for text in files.values() for h in re.findall(r"https?://([^/\"?]+)", text.decode())}
    assert hosts
    assert all(re.fullmatch(r"([a-z0-9]+\.)*example\.(com|org)", h) for h in hosts)


def test_every_json_file_but_the_truth_stands_on_one_line(small):
    folder, truth = small
    assert json.loads((folder / "truth.json").read_text()) == truth
    texts = [p.read_text() for p in folder.glob("*/*.json")]
    assert len(texts) > 20
    assert all(t.count("\n") == 1 and json.loads(t) is not None for t in texts)


def test_a_resolved_incident_keeps_no_acknowledgements_and_an_open_one_has_no_end(small):
    last = incidents(small[0])[-1]
    status = {i["id"]: i["status"] for i in last}
    assert {"resolved", "acknowledged"} <= set(status.values())
    assert all((i["resolved_at"] is None) == (i["status"] != "resolved") for i in last)
    assert all(bool(i["acknowledgements"]) == (i["status"] == "acknowledged") for i in last)


def test_merged_duplicates_are_marked_as_pagerduty_marks_them(small):
    told = [i for export in incidents(small[0]) for i in export]
    reasons = [i["resolve_reason"] for i in told if i["resolve_reason"]]
    assert reasons
    assert all(r == {"type": "merge_resolve_reason"} for r in reasons)


def test_later_exports_overlap_earlier_ones_and_correct_them(tmp_path):
    write_sample(tmp_path)
    changed = set()
    for before, after in zip(incidents(tmp_path), incidents(tmp_path)[1:], strict=False):
        old = {i["id"]: i for i in before}
        both = [(old[i["id"]], i) for i in after if i["id"] in old]
        assert both
        assert all(o["updated_at"] <= n["updated_at"] for o, n in both)
        changed |= {key for o, n in both for key in ("status", "priority", "service") if o[key] != n[key]}
    assert changed == {"status", "priority", "service"}


def test_log_entries_end_with_the_resolution_of_what_is_resolved(small):
    entries = [e for page in pages(small[0], "pagerduty/log-entries-*.json") for e in page["log_entries"]]
    resolved = {e["incident"]["id"]: e["created_at"] for e in entries if e["type"] == "resolve_log_entry"}
    told = {i["id"]: i for export in incidents(small[0]) for i in export}
    assert resolved == {k: i["resolved_at"] for k, i in told.items() if i["resolved_at"]}
    kinds = {e["type"] for e in entries}
    assert {"trigger_log_entry", "acknowledge_log_entry", "notify_log_entry"} <= kinds


def test_the_status_page_lists_updates_newest_first_in_its_own_zone(small):
    page = pages(small[0], "statuspage/incidents-*.json")[-1]
    assert page["page"]["updated_at"] == "2026-10-01T02:00:00.000+02:00"
    for incident in page["incidents"]:
        phases = [u["status"] for u in incident["incident_updates"]]
        assert phases[-1] == "investigating"
        shown = [u["display_at"] for u in incident["incident_updates"]]
        assert shown == sorted(shown, reverse=True) or {s[-6:] for s in shown} == {"+01:00", "+02:00"}
        assert (incident["status"] == "resolved") == (incident["resolved_at"] is not None)


def test_maintenances_are_announced_long_before_they_begin_and_some_never_do(small):
    works = pages(small[0], "statuspage/maintenances-*.json")[-1]["scheduled_maintenances"]
    assert {"completed", "scheduled"} == {w["status"] for w in works}
    assert all(w["started_at"] == w["created_at"] < w["scheduled_for"] < w["scheduled_until"] for w in works)


def test_failed_backups_stand_only_where_the_tool_lists_them(small):
    folder, _ = small
    pbm = [s for page in pages(folder, "pbm/*.json") for s in page["backups"]["snapshot"]]
    assert {s["status"] for s in pbm} == {"done", "error"}
    assert all(("error" in s) == (s["status"] == "error") for s in pbm)
    velero = [b for page in pages(folder, "velero/backups-*.json") for b in page["items"]]
    assert {b["status"]["phase"] for b in velero} == {"Completed", "Failed"}
    flex = [s for page in pages(folder, "atlas/flex-snapshots-*.json") for s in page["results"]]
    assert {s["status"] for s in flex} == {"COMPLETED", "FAILED"}


def test_pgbackrest_lists_two_repositories_and_every_difference_with_its_full_backup(small):
    for (stanza,) in pages(small[0], "pgbackrest/*.json"):
        backups = stanza["backup"]
        assert {b["database"]["repo-key"] for b in backups} == {1, 2}
        fulls = {b["label"] for b in backups if b["type"] == "full"}
        assert all(b["prior"] in fulls for b in backups if b["type"] == "diff")
        assert all(b["timestamp"]["start"] < b["timestamp"]["stop"] for b in backups)


def test_one_platform_of_incidents_alone_is_one_small_file(tmp_path):
    platform = write_incidents_only(tmp_path / "p.json", seed=4, months=3)
    written = json.loads((tmp_path / "p.json").read_text())["incidents"]
    own = [i for i in written if i["service"]["summary"] == "checkout"]
    assert len(own) == len(platform.incidents) > 0
    assert [p.name for p in tmp_path.iterdir()] == ["p.json"]


def test_restorations_follow_the_law_that_the_truth_tells():
    (service,) = make_services(1)
    platforms = [simulate_incidents((service,), seed=seed, months=60) for seed in range(30)]
    minutes = np.array([(i.restored - i.paged) / 60 for p in platforms for i in p.incidents])
    logs = np.log(minutes / service.median_minutes) / service.spread
    assert len(logs) > 1500
    assert abs(logs.mean()) < 4 / np.sqrt(len(logs))
    assert abs(logs.std() - 1) < 4 / np.sqrt(2 * len(logs))


def test_up_to_200_services_can_be_simulated_and_no_more(tmp_path):
    names = [s.name for s in make_services(200)]
    assert len(set(names)) == 200
    assert names[-1] == "service-200"
    for count in (0, 201):
        with pytest.raises(ValueError, match="1 to 200"):
            make_services(count)
    with pytest.raises(ValueError, match="1 month or more"):
        write_sample(tmp_path, months=0)


def test_a_single_service_needs_no_asset_it_does_not_have(tmp_path):
    truth = write_sample(tmp_path, months=3, services=1)
    assert set(truth["periods"]["2026Q3"]["assets"]) == {"mongo-prod"}
    assert not (tmp_path / "velero").exists()
