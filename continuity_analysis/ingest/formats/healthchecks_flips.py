"""Healthchecks flips: when one check went down and came back.

Get it with: ``curl -H 'X-Api-Key: KEY' https://healthchecks.io/api/v3/checks/UUID/flips/ > NAME.json``, regularly:
flips are kept for about three months. Name the file after the check: nothing in it says which one it is of.

- The component is the name of the file, without folders and ending.
- Newest first. `up` is 1 or 0. A check goes down when its ping is overdue by the grace time, or at once when the job
  reports a failure: the trouble began earlier than the flip says, by a period and the grace time at most.
- Older versions answer with a bare list, newer ones with a page, `{"flips": [...]}`.
- A check that is paused, or resumed after a pause, flips to 0 as well, and nothing in it tells that from a failure:
  exclude such stretches by `corrections` in the catalogue.
- A flip lasts until the next one.

Checked against: the example in Healthchecks' documentation, and its code of 2020 and of today.
"""

CONTAINER = "json"
KEY = "flips"
FIELDS = {"at_text": "timestamp", "up": "up", "file": "$file"}
EXPORT = "window"
REFUSES = {
    "Healthchecks checks: how they stand now, not since when: export the flips of each, `/api/v3/checks/ID/flips/`": (
        r'^\{\s*"checks": ?\['
    ),
}
SCOPE = "file"


def recognises(head) -> bool:
    """Whether it is flips and nothing else: objects of a timestamp and `up`, in a list or a page."""
    flips = head.first.get("flips")
    first = flips[0] if isinstance(flips, list) and flips else head.first
    empty = flips == [] and head.first.keys() == {"flips"}
    return empty or (isinstance(first, dict) and first.keys() == {"timestamp", "up"})


TABLES = {
    "states": r"""
        SELECT record_no, 'probe' AS observer, at_text AS from_at,
            regexp_replace(regexp_extract(file, '([^/]+)$', 1), '\.(nd)?jsonl?$', '', 'i') AS component,
            CASE up WHEN '1' THEN 'up' WHEN '0' THEN 'down' ELSE coalesce(up, 'none') END
                AS state
        FROM records""",
}
