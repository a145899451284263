r"""ZFS snapshots of every dataset of a machine.

Get it with: ``zfs list -t snapshot -H -p -o name,creation,used,refer``, or ``zfs get -r -Hpt snapshot creation``,
regularly and without a header: what was destroyed leaves no trace. `-p` is needed: it makes times numbers.

- `creation` is the moment at which the dataset froze, and with it both the recovery point and the end of the run.
- A replicated copy keeps the `creation` of its origin: when it arrived is unknown.
- Names lie: "monthly" ones are taken daily, and dates in names are local or UTC on one dataset. They are not read.
- Snapshots of one dataset are atomic; those of several only if they were taken by one command with `-r`.
- `used` is what destroying this one would free, not its size; `refer` is the size of what it holds.
- Lines without an `@` are of datasets and volumes themselves: ignored. Bookmarks (`#`) hold no data: ignored.
- A snapshot lies in the pool of its dataset and goes with it. The location is the pool; the machine is not named.

Checked against: real output of ``zfs get`` quoted by others, ``zfs list`` only against what others describe.
"""

import re

CONTAINER = "lines"
FIELDS = {
    "name": r"^([^\t]+)\t",
    "dataset": r"^([^\t@#]+)@[^\t]*\t",
    "pool": r"^([^\t@#/]+)[^\t@#]*@",
    "creation": (r"^[^\t]+\tcreation\t([^\t]*)", r"^[^\t]+\t([^\t]*)"),
    "refer": r"^[^\t]+\t[0-9]+\t[^\t]*\t([^\t]*)$",
}
EXPORT = "listing"
_LINE = re.compile(r"[^\t\s/@#][^\t@#]*[@#][^\t@#/]+\t(creation\t)?\d{9,11}(\t(\d+|-)){0,2}(\t\S*)?\s*")


def recognises(head) -> bool:
    """Whether most of its first lines are a snapshot, a tab and seconds since 1970."""
    lines = [line for line in head.text.splitlines()[:50] if line.strip()]
    return 2 * sum(_LINE.fullmatch(line) is not None for line in lines) > len(lines)


IGNORES = {
    "not a snapshot": r"regexp_full_match(name, '[^@#]+')",
    "a bookmark holds no data": r"contains(name, '#')",
}
TABLES = {
    "backups": """
        SELECT record_no, name AS backup_id, dataset AS asset, pool AS location, 'snapshot' AS method,
            'completed' AS status, epoch_s(creation) AS started_at, epoch_s(creation) AS recovery_point_at,
            CASE WHEN creation IS NOT NULL THEN 'snapshot' END AS recovery_point_basis,
            epoch_s(creation) AS finished_at, nullif(refer, '-') AS size_bytes
        FROM records""",
}
