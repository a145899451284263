"""What the Veeam session reports share: their words for an outcome, and an id, as they have none."""


def status(word: str) -> str:
    """SQL of an outcome; a warning is usable, and what has none yet is running."""
    return f"""CASE WHEN lower({word}) IN ('success', 'warning') THEN 'completed'
                WHEN lower({word}) = 'failed' THEN 'failed'
                WHEN lower({word}) IN ('none', 'inprogress', 'in progress', 'pending', '') THEN 'running'
                ELSE lower({word}) END"""


def id_of(moment_field: str, *names: str) -> str:
    """SQL of an id: names and the moment the session began."""
    return " || '/' || ".join([*names, f"strftime(moment({moment_field}), '%Y-%m-%dT%H:%M:%S.%fZ')"])


METHOD = """CASE WHEN lower(kind) LIKE 'incr%' THEN 'incremental' WHEN lower(kind) LIKE '%full' THEN 'full'
                WHEN lower(kind) IN ('differential', 'snapshot', '') THEN nullif(lower(kind), '') ELSE NULL END"""
