"""How long a big file of JSON lines takes to read, and how much memory.

    python benchmarks/streaming.py [--megabytes 1000] [--broken 1000] [--json]

Writes a file of PagerDuty incidents, one per line, every so many lines one that is broken, reads it in a process of its
own through `read_files`, and prints wall time, peak resident memory and the account. The floor is what a bare DuckDB
projection of the same fields takes in the same run, which checks nothing and loses the broken lines.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_TEXT = "Response times of the payment path rose above the limit that was agreed for it. " * 12
_BROKEN = b'{"id": "PCUT", "created_at": "2026-01-01T00:00:00Z", "title": "cut o\n'


def write_incidents(path: Path, *, size: int, broken: int) -> int:
    """Write at least `size` bytes of incidents to `path`, every `broken`-th line unusable; return how many lines."""
    written = number = 0
    with path.open("wb", buffering=1 << 20) as out:
        while written < size:
            number += 1
            line = _BROKEN if broken and number % broken == 0 else json.dumps(_incident(number)).encode() + b"\n"
            written += out.write(line)
    return number


def _incident(number: int) -> dict:
    """One incident of a tool that opens one every two minutes and resolves it 5 to 64 minutes later."""
    opened = time.gmtime(1_600_000_000 + 120 * number)
    resolved = time.gmtime(1_600_000_000 + 120 * number + 60 * (5 + number % 60))
    moment = "%Y-%m-%dT%H:%M:%SZ"
    return {
        "id": f"P{number:09X}",
        "type": "incident",
        "incident_number": number,
        "title": f"Latency of service {number % 40} is high",
        "created_at": time.strftime(moment, opened),
        "updated_at": time.strftime(moment, resolved),
        "resolved_at": time.strftime(moment, resolved),
        "last_status_change_at": time.strftime(moment, resolved),
        "status": "resolved",
        "urgency": "high" if number % 3 else "low",
        "priority": {"id": "PRIO", "type": "priority", "summary": f"P{1 + number % 5}"},
        "service": {"id": f"S{number % 40}", "type": "service_reference", "summary": f"service-{number % 40}"},
        "alert_counts": {"all": 2, "triggered": 0, "resolved": 2},
        "assignments": [],
        "acknowledgements": [],
        "resolve_reason": None,
        "escalation_policy": {"id": "E1", "type": "escalation_policy_reference", "summary": "on call"},
        "html_url": f"https://example.com/incidents/P{number:09X}",
        "body": {"type": "incident_body", "details": _TEXT},
    }


def read_here(path: Path) -> dict:
    """Read the file in this process and say how it went."""
    from continuity_analysis.ingest.read import read_files

    began = time.perf_counter()
    (reading,) = read_files([path])
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    account = {name: getattr(reading, name) for name in ("format", "records", "used", "ignored", "rejected", "reason")}
    return {"seconds": round(seconds, 2), "peak_megabytes": round(peak)} | account


def project_here(path: Path) -> dict:
    """Read the same fields with DuckDB alone, in this process."""
    import duckdb

    fields = "id, title, created_at, updated_at, resolved_at, status, priority.summary, service.summary, html_url"
    began = time.perf_counter()
    source = f"read_json('{path}', format='newline_delimited', ignore_errors=true)"
    rows = duckdb.sql(f"SELECT {fields} FROM {source} WHERE id IS NOT NULL").to_arrow_table().num_rows
    return {"floor_seconds": round(time.perf_counter() - began, 2), "floor_rows": rows}


def main() -> int:
    """Write the file, read it in a process of its own, print the figures; 1 when memory or the account is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--broken", type=int, default=1000, help="every so many lines one is broken; 0 for none")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--floor", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read or given.floor:
        print(json.dumps(read_here(given.read) if given.read else project_here(given.floor)))
        return 0
    with tempfile.TemporaryDirectory(prefix="continuity-bench-") as folder:
        path = Path(folder) / "incidents.ndjson"
        lines = write_incidents(path, size=given.megabytes * 1_000_000, broken=given.broken)
        figures = {"megabytes": given.megabytes, "lines": lines} | _apart("--floor", path) | _apart("--read", path)
    figures["times_the_floor"] = round(figures["seconds"] / max(figures["floor_seconds"], 0.01), 1)
    print(json.dumps(figures) if given.json else "\n".join(f"{k:16} {v}" for k, v in figures.items()))
    broken = lines // given.broken if given.broken else 0
    return int((figures["records"], figures["rejected"]) != (lines, broken) or figures["peak_megabytes"] > 1500)


def _apart(what: str, path: Path) -> dict:
    """What a process of its own measured."""
    command = [sys.executable, __file__, what, str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    sys.exit(main())
