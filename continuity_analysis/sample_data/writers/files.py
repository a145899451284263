"""Files as tools leave them, and identifiers that look the part; byte for byte the same for the same seed."""

import json
from hashlib import sha256
from pathlib import Path

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def write_json(path: Path, value) -> None:
    """One JSON document on one line, as command-line tools print it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")


def digest(*parts) -> str:
    """64 hexadecimal digits that depend on the parts only."""
    return sha256("/".join(map(str, parts)).encode()).hexdigest()


def capitals(length: int, *parts) -> str:
    """Letters and digits, as in a pager's ids."""
    number, found = int(digest(*parts), 16), ""
    for _ in range(length):
        number, rest = divmod(number, 36)
        found += _BASE36[rest]
    return found


def object_id(moment: int, *parts) -> str:
    """A MongoDB ObjectId made at `moment`: eight digits of time, sixteen more."""
    return f"{moment:08x}{digest(*parts)[:16]}"
