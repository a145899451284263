"""The benchmark of files of lines runs, and accounts for every line."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_accounts_for_every_line() -> None:
    options = ["--megabytes", "5", "--broken", "100", "--rounds", "1", "--json"]
    command = [sys.executable, str(ROOT / "benchmarks/streaming.py"), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    requests, incidents = (json.loads(line) for line in done.stdout.split("\n") if line)
    assert (requests["format"], incidents["format"]) == ("traefik_access_json", "pagerduty_incidents")
    for figures in (requests, incidents):
        assert figures["records"] == figures["lines"] > 2000
        assert figures["rejected"] == figures["broken"] == figures["lines"] // 100
        assert figures["used"] == figures["records"] - figures["rejected"]
        assert figures["times_duckdb"] > 0
        assert figures["times_faster_than_pandas"] > 0
