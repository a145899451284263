"""What the logs of pgBackRest share: lines, and the runs that they belong to.

A run has no name on its lines. A line is of the last run that has begun and not ended: a run that is refused while
another one holds the lock begins and ends within that one.
"""

import re

_LINE = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} P\d+ +"
INFO = _LINE + "INFO: "
WARN = _LINE + "WARN: "
BEGIN = INFO + r"[a-z:-]+ command begin .* --"
FIELDS = {
    "at_text": r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}) P\d+ ",
    "continues": r"^(\s|-+PROCESS START-+)",
    "command": INFO + r"([a-z:-]+) command (?:begin|end)",
    "began": INFO + r"([a-z:-]+) command begin ",
    "ended": INFO + r"[a-z:-]+ command end: (.+)",
    "stanza": BEGIN + r"stanza=(\S+)",
    "exec_id": BEGIN + r"exec-id=(\S+)",
}
REPOSITORY = (BEGIN + r"repo=(\d+)", INFO + r"repo option not specified, defaulting to repo(\d+)")
FIRST_REPOSITORY = INFO + r"[a-z:-]+ command begin .*? --repo(\d+)-"
REJECTS = {"--stanza: expected it where a run begins, got none": "began IS NOT NULL AND stanza IS NULL"}
RUNS = """
    WITH levelled AS (
        SELECT *, sum((began IS NOT NULL)::INT - (ended IS NOT NULL)::INT) OVER (ORDER BY record_no)
            + (ended IS NOT NULL)::INT AS level
        FROM records
    ), lines AS (
        SELECT *, max(CASE WHEN began IS NOT NULL THEN record_no END) OVER (PARTITION BY level ORDER BY record_no)
            AS run
        FROM levelled
    )"""
LOCATION = "'repo' || coalesce(max(repository), max(first_repository), '1')"


CONTINUES = "goes on with the line before, or parts two runs"


def ignores(commands: str, *facts: str) -> dict[str, str]:
    """IGNORES of a log of which runs of `commands` are read, and the fields `facts` beside their begins and ends."""
    silent = f"coalesce({', '.join(('command', *facts))}) IS NULL"
    return {
        CONTINUES: "continues IS NOT NULL",
        "tells neither the begin nor the end of a run, nor what came of it": f"at_text IS NOT NULL AND {silent}",
        "of another command": f"command NOT IN ({commands})",
        "of a run whose begin is not in the file": f"""NOT ({silent})
            AND max(CASE WHEN began IN ({commands}) THEN 1 END) OVER (ORDER BY record_no) IS NULL""",
    }


def begins_with(head, *commands: str) -> bool:
    """Whether the first run of a backup, restore, expiry or verification in a log is of one of `commands`."""
    first = re.search(rf"(?m){INFO}(backup|restore|expire|verify) command begin ", head.text)
    return first is not None and first.group(1) in commands
