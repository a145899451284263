"""Healthchecks pings: what the jobs of one check reported, one ping each.

Get it with: ``curl -H 'X-Api-Key: KEY' https://healthchecks.io/api/v3/checks/UUID/pings/ > NAME.json``, regularly: only
the last ones are kept, how many is up to the account. Name the file after the check: nothing in it says which it is.

- The component is the name of the file, without folders and ending.
- A failure puts the check down until the next success. A ping that never came is not there: take the flips, too
  (`healthchecks_flips`), under the same name.
- start and log, and pings that were ignored (ign), say nothing of the state.
- `date` has a fraction of six digits; `duration` [s] is that from the start ping, where there was one, and is not read.

Checked against: the example in Healthchecks' documentation, which shows success and start; fail, ign and log in its
code and tests.
"""

CONTAINER = "json"
KEY = "pings"
FIELDS = {"at_text": "date", "said": "type", "file": "$file"}
EXPORT = "window"
SCOPE = "file"


def recognises(head) -> bool:
    """Whether it is a page of pings, or one ping."""
    pings = head.first.get("pings")
    ping = pings[0] if isinstance(pings, list) and pings else head.first
    return isinstance(ping, dict) and {"type", "date", "n", "scheme", "remote_addr"} <= ping.keys()


IGNORES = {"a ping that says nothing of the state": "said IN ('start', 'log', 'ign')"}
TABLES = {
    "states": r"""
        SELECT record_no, 'probe' AS observer, at_text AS from_at,
            regexp_replace(regexp_extract(file, '([^/]+)$', 1), '\.(nd)?jsonl?$', '', 'i') AS component,
            CASE said WHEN 'success' THEN 'up' WHEN 'fail' THEN 'down' ELSE coalesce(said, 'none') END AS state
        FROM records""",
}
