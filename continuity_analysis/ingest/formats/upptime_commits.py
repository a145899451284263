"""Upptime commits: the git history of an Upptime repository, whose subjects say which site went down or came back.

Get it with: ``git log --format='%H%x09%cI%x09%s' > status_commits.tsv`` in a full clone of the repository. Other
commits are ignored. `history/*.yml` holds the present only, and `history/summary.json` no moments: neither is read.

- A site is also committed now and then without having changed (response times): up after up is no event, and a site is
  in a state until a commit says another one.
- The emoji before the name can be configured (`commitPrefixStatusUp` and so on) or left out; the words decide. A prefix
  of letters would become part of the name. A site that was renamed is another component from then on.
- Code 0 is a timeout or a name that does not resolve: down.
- The moment is that of the commit, seconds after the probe. Probes come every five minutes at best and an hour late at
  times: an outage is known no finer than that.

Checked against: Upptime's code; 2,426 commits of one real repository (890 down, 1,536 up).
"""

import re

CONTAINER = "lines"
_SUBJECT = r"^[0-9a-f]{7,64}\t[^\t]*\t"
_EMOJI = "[\u200d\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_SAYS = r"(?:is )?(?:up|down|degraded|experiencing degraded performance)"
FIELDS = {
    "at_text": r"^[0-9a-f]{7,64}\t([^\t]+)\t",
    "site": _SUBJECT + f"(?:{_EMOJI}+ +)?" + r"(\S.*?) " + _SAYS + r" \(\d+ in [\d.]+ ?ms\)",
    "said": _SUBJECT + r".*? (?:is )?(up|down|degraded|experiencing degraded performance) \(\d+ in [\d.]+ ?ms\)",
}
EXPORT = "events"
REFUSES = {
    "Upptime's summary: shares and no moments: export the git history, see `upptime_commits`": (
        r'^\[\s*\{\s*"name"[^}]*"uptimeDay"'
    ),
}


def recognises(head) -> bool:
    """Whether among its first commits is one that Upptime made of a site's state."""
    return re.search(rf"(?m){_SUBJECT}.* {_SAYS} \(\d+ in [\d.]+ ?ms\)", head.text) is not None


IGNORES = {"a commit that says no state of a site": "at_text IS NOT NULL AND said IS NULL"}
TABLES = {
    "states": """
        SELECT record_no, 'probe' AS observer, site AS component, at_text AS from_at,
            CASE WHEN said IN ('up', 'down') THEN said WHEN said NOT NULL THEN 'degraded' END AS state
        FROM records""",
}
