"""Logs of a replica set whose life is known, in any pieces, and the slow obvious account of when it had no primary."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st

BEGIN = datetime(2026, 5, 4, tzinfo=UTC)
MEMBERS = [f"db-{i}.example.com" for i in range(3)]
CONFIG = {"_id": "shop", "members": [{"host": f"{m}:27017", "arbiterOnly": False} for m in MEMBERS]}
CHATTER = 7  # seconds between lines that say nothing of the role


@dataclass(frozen=True)
class Chunk:
    """Lines that stand together in a log, as (second, id, attr); the role the member has after them, or None."""

    lines: tuple
    role: str | None

    @property
    def at(self) -> int:
        """Second of its first line."""
        return self.lines[0][0]


@st.composite
def lives(draw) -> list[list[Chunk]]:
    """For each of three members its whole log: reigns of a second or more, each ended in its own way."""
    logs = [[started(0)] for _ in MEMBERS]
    clock = draw(st.integers(3, 9))
    for _ in range(draw(st.integers(0, 5))):
        member, wait, length = draw(st.integers(0, 2)), draw(st.integers(0, 12)), draw(st.integers(2, 20))
        log, risen = logs[member], clock + wait + 2
        log.append(Chunk(((risen - 1, 21358, {"oldState": "SECONDARY", "newState": "PRIMARY"}),), "PRIMARY"))
        log.append(Chunk(((risen, 21331, None),), "PRIMARY"))
        clock = risen + length
        log.extend(chatter(t, "PRIMARY") for t in range(risen + 1, clock, CHATTER))
        end = draw(st.sampled_from(["steps down", "shuts down", "is killed"]))
        left = Chunk(((clock, 21358, {"oldState": "PRIMARY", "newState": "SECONDARY"}),), "SECONDARY")
        log.extend([] if end == "is killed" else [left])
        log.extend([Chunk(((clock + 1, 20565, None),), None)] if end == "shuts down" else [])
        if end != "steps down":
            log.append(started(clock + draw(st.integers(2, 9))))
            clock = log[-1].at + 1
    for log in logs:
        log.append(chatter(max(log[-1].lines[-1][0], clock) + draw(st.integers(1, 9)), log[-1].role))
    return logs


def started(at: int) -> Chunk:
    """A start, after which the member is a secondary a second later."""
    itself = ((at, 4615611, "process"), (at, 21392, "config"), (at, 21393, "member"))
    return Chunk((*itself, (at + 1, 21358, {"oldState": "STARTUP2", "newState": "SECONDARY"})), "SECONDARY")


def chatter(at: int, role: str | None) -> Chunk:
    """A line that says nothing of the role."""
    return Chunk(((at, 22943, None),), role)


def text_of(member: int, log: list[Chunk], first: int, last: int) -> str:
    """Chunks `first` to `last` as a file, which begins with a start or as mongod begins a rotated one."""
    chunks = log[first:last]
    lines = [line(member, at, number, attr) for chunk in chunks for at, number, attr in chunk.lines]
    if chunks[0].lines[0][1] != 4615611:
        before = log[first - 1]
        at = before.lines[-1][0] + 0.001
        state = {"config": CONFIG, "memberState": before.role or "SECONDARY"}
        lines = [line(member, at, 20721, "process"), line(member, at, 20722, state), *lines]
    return "\n".join(lines) + "\n"


def line(member: int, at: float, number: int, attr) -> str:
    """One line of a member's log."""
    said = {
        "process": {"host": MEMBERS[member], "port": 27017},
        "config": {"config": CONFIG},
        "member": {"hostAndPort": f"{MEMBERS[member]}:27017"},
    }.get(attr if isinstance(attr, str) else "", attr)
    moment = (BEGIN + timedelta(seconds=at)).isoformat(timespec="milliseconds")
    return json.dumps(
        {"t": {"$date": moment}, "s": "I", "c": "REPL", "id": number, "ctx": "x", "msg": "", "attr": said}
    )


def without_primary(logs: list[list[Chunk]]) -> list[tuple[int, int | None, int]]:
    """Second by second: (begin, end or None, last seen) of each stretch without a primary after the first one."""
    until = max(chunk.lines[-1][0] for log in logs for chunk in log)
    writable = set()
    for log in logs:
        lines = [each for chunk in log for each in chunk.lines]
        for i, (at, number, _) in enumerate(lines):
            if number == 21331:
                writable |= set(range(at, reign_end(lines[i:], until)))
    seconds = range(min(writable, default=until + 1), until + 1)
    found = []
    for t in seconds:
        if t not in writable and t - 1 in writable:
            following = [s for s in seconds if s > t and s in writable]
            found.append((t, following[0] if following else None, following[0] if following else until))
    return found


def reign_end(lines: list, until: int) -> int:
    """When the reign that begins these lines ended: a line says so, or the last one before the member's next start."""
    for before, (at, number, _) in pairwise(lines):
        if number in (21358, 20565):
            return at
        if number == 4615611:
            return before[0]
    return until + 1
