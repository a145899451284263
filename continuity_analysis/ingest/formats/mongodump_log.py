"""mongodump and mongorestore logs: what both tools print while they run (stderr), any number of runs appended.

Get it with: ``mongodump --oplog --out DIR 2>> mongodump.log; echo "mongodump exit code $?" >> mongodump.log``, and
``mongorestore --oplogReplay DIR 2>> mongorestore.log; echo "mongorestore exit code $?" >> mongorestore.log``.

- With `--oplog` the data is that of the end, when the oplog is written ("writing captured oplog"), if restored with
  `--oplogReplay`. Without it each collection is of another moment: there is no recovery point.
- Success is not in the log. "Failed:" is a failure; "dumped n oplog entries" is the last thing a run with `--oplog`
  does; of any other the exit code tells (see above), or else nothing: the status is unknown, also of a log that breaks
  off.
- The oplog that was written over meanwhile fails *after* its last entry was dumped: "Failed: oplog overflow".
- A run ends at its exit code, "Failed:", the number of oplog entries or mongorestore's closing line; without these
  the next begins where a collection is written, or its restore prepared, a second time.
- mongorestore's closing line counts documents; a restore of which some failed is failed. Old versions close with
  "done".
- Old versions write collections without backticks, some logs blanks for the tab. Times have their offset.
- Progress bars, whatever else is printed between (`-v`), and lines without a time are ignored.
- Neither host nor cluster is named: the asset is "mongodump", unless `sources` of the catalogue states `asset`.

Checked against: excerpts of real runs of 3.4 to 100.x quoted by others, and the tools' source.
"""

import re

CONTAINER = "lines"
_TIME = r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4})\s+"
_SAID = _TIME.replace("(", "(?:")
FIELDS = {
    "at_text": _TIME,
    "said": _SAID + r"(\S.*?)\s*$",
    "begins": (_SAID + r"writing `?(\S+?)`? to\b", _SAID + r"(preparing collections to restore)"),
    "failure": _SAID + r"Failed: (.*)",
    "oplog": _SAID + r"(writing captured oplog)",
    "entries": _SAID + r"dumped (\d+) oplog entr",
    "restoring": _SAID + r"(preparing collections to restore|restoring |reading metadata for|replaying oplog)",
    "restored": _SAID + r"(\d+) document\(s\) restored successfully",
    "lost": _SAID + r"\d+ document\(s\) restored successfully\. (\d+) document\(s\) failed",
    "done": _SAID + r"(done)\s*$",
    "code": r"^mongo(?:dump|restore) exit code (\S+)\s*$",
    "tool": r"^mongo(dump|restore) exit code",
}
EXPORT = "events"
_SIGNS = (
    r"(?:dump phase I|writing \S+ to |done dumping |Failed: |preparing collections to restore"
    r"|\d+ document\(s\) restored)"
)


def recognises(head) -> bool:
    """Whether lines with a time say what mongodump or mongorestore say, and no agent that runs them prints between."""
    said = re.search(f"(?m){_SAID}{_SIGNS}", head.text)
    return said is not None and re.search(r"(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", head.text) is None


IGNORES = {
    "progress": r"regexp_matches(said, '^\[[#.]{24}\]')",
    "a line without a time": "at_text IS NULL AND code IS NULL",
}
REJECTS = {
    "exit code: expected a whole number": "code IS NOT NULL AND try_cast(code AS INT) IS NULL",
    "expected a time such as 2026-01-31T12:00:00.000+0100": "moment(at_text) = '-infinity'",
}
_LATE = "oplog overflow|unable to check oplog|archive"
_RUNS = f"""
    dated AS (
        SELECT *, moment(at_text) AS t,
            lead(code) OVER w IS NOT NULL OR failure IS NOT NULL AND lead(restored) OVER w IS NOT NULL
                OR entries IS NOT NULL AND coalesce(regexp_matches(lead(failure) OVER w, '{_LATE}'), false) AS goes_on
        FROM records WINDOW w AS (ORDER BY record_no)
    ), ended AS (
        SELECT *, (code IS NOT NULL OR coalesce(failure, entries, restored, done) IS NOT NULL
            AND NOT goes_on)::INT AS ends
        FROM dated
    ), parted AS (
        SELECT *, coalesce(sum(ends) OVER (ORDER BY record_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
            AS part FROM ended
    ), repeated AS (
        SELECT *, count(begins) OVER (PARTITION BY part, begins ORDER BY record_no) AS again FROM parted
    ), numbered AS (
        SELECT *, max(again) OVER (PARTITION BY part ORDER BY record_no) AS run FROM repeated
    ), runs AS (
        SELECT max(record_no) AS record_no, min(t) AS first_at, max(t) AS last_at,
            CASE WHEN count(begins) > 0 THEN min(t) END AS started_at,
            max(failure) AS failure, max(t) FILTER (oplog IS NOT NULL) AS oplog_at, max(entries) AS entries,
            count(coalesce(restoring, restored, done)) > 0 OR coalesce(max(tool) = 'restore', false) AS restores,
            max(restored) AS restored, max(lost) AS lost, max(done) AS done, max(code) AS code
        FROM numbered GROUP BY part, greatest(run, 1) HAVING min(t) IS NOT NULL
    )"""
_ERROR = "regexp_replace(failure, '//[^/@]*@', '//')"
TABLES = {
    "backups": f"""
        WITH {_RUNS}, judged AS (
            SELECT *, CASE WHEN failure IS NOT NULL OR code <> '0' THEN 'failed'
                WHEN code = '0' OR entries IS NOT NULL THEN 'completed' END AS status
            FROM runs WHERE NOT restores
        )
        SELECT record_no, 'dump/' || strftime(first_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS backup_id, 'mongodump' AS asset,
            'dump' AS location, 'full' AS method, status, started_at,
            CASE WHEN status = 'completed' THEN oplog_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'oplog_end' END AS recovery_point_basis,
            CASE WHEN status IS NOT NULL THEN last_at END AS finished_at,
            coalesce({_ERROR}, CASE WHEN code <> '0' THEN 'exit code ' || code END) AS error
        FROM judged""",
    "recoveries": f"""
        WITH {_RUNS}, judged AS (
            SELECT *, CASE WHEN failure IS NOT NULL OR code <> '0' OR lost <> '0' THEN 'failed'
                WHEN coalesce(restored, done) IS NOT NULL THEN 'completed' END AS status
            FROM runs WHERE restores
        )
        SELECT record_no, 'restore/' || strftime(first_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS recovery_id,
            'mongodump' AS asset, 'restore' AS kind, status, started_at,
            CASE WHEN status = 'completed' THEN last_at END AS data_restored_at,
            CASE WHEN status IS NOT NULL THEN last_at END AS finished_at, 'data' AS scope,
            coalesce({_ERROR}, CASE WHEN lost <> '0' THEN lost || ' documents could not be restored' END,
                CASE WHEN code <> '0' THEN 'exit code ' || code END) AS findings
        FROM judged""",
}
