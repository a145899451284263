"""What the Veeam session reports share: their words for an outcome, and an id, as they have none."""

RUNNING = "IN ('none', 'inprogress', 'in progress', 'pending', '')"
METHOD = """CASE WHEN lower(kind) LIKE 'incr%' THEN 'incremental' WHEN lower(kind) LIKE '%full' THEN 'full'
                WHEN lower(kind) = 'snapshot' THEN 'snapshot' END"""


def status(word: str) -> str:
    """SQL of an outcome; a warning is usable, and what has none yet is running."""
    return f"""CASE WHEN lower({word}) IN ('success', 'warning') THEN 'completed'
                WHEN lower({word}) {RUNNING} THEN 'running' ELSE lower({word}) END"""


def id_of(moment_field: str, *names: str) -> str:
    """SQL of an id: names and the moment the session began."""
    return " || '/' || ".join([*names, f"strftime(moment({moment_field}), '%Y-%m-%dT%H:%M:%S.%fZ')"])
