from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.usable_backups import measure_usable_backups
from tests.measurements.backup_logs import at, backup, export, logs_of

WEEK, DAY, GAP = 168, 24, 500


def proven(kept_with_base: int, *, differences_kept: int | None = None):
    """Stretches proven by listings every 500 h of weekly full backups and daily differences.

    What builds on a full backup goes with it, so many hours after that was begun; or, if stated, before it.
    """
    taken = range(GAP, 5 * GAP + 1, GAP)
    rows = []
    for begun in range(0, 5 * GAP, DAY):
        base = begun // WEEK * WEEK
        own = {} if begun == base else {"method": "differential", "parent_id": f"b{base}"}
        gone = base + kept_with_base
        if own and differences_kept is not None:
            gone = min(gone, begun + differences_kept)
        told = backup(f"b{begun}", begun, begun + 1, begun + 1, **own)
        rows += [told | {"export_id": f"listing{t}"} for t in taken if begun + 1 <= t < gone]
    exports = [export(f"listing{t}", kind="listing", since=0, until=t, complete=True) for t in taken]
    logs = logs_of(rows, exports)
    usable = measure_usable_backups(logs.backups, logs.exports)
    coverage = measure_backup_coverage(logs.backups, logs.exports, usable=usable)
    return coverage[coverage["proven"]][["from_at", "until_at"]].to_numpy().tolist()


def test_listings_prove_what_lies_between_them_where_chains_are_kept_longer_than_they_lie_apart():
    stretches = [[at(t).value, at(t + GAP).value] for t in range(GAP, 5 * GAP, GAP)]
    assert [[a.value, b.value] for a, b in proven(GAP + WEEK + 2 * DAY)] == stretches


def test_the_last_of_a_chain_may_have_come_and_gone_unseen():
    assert proven(GAP + DAY) == []


def test_differences_that_go_before_their_base_prove_nothing():
    assert proven(GAP + WEEK + 2 * DAY, differences_kept=GAP // 2) == []
