"""A file of lines streams: memory stays far below its size, and the benchmark that shows it runs."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_accounts_for_every_line() -> None:
    command = [sys.executable, str(ROOT / "benchmarks/streaming.py"), "--megabytes", "5", "--broken", "100", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    figures = json.loads(done.stdout)
    assert figures["format"] == "pagerduty_incidents"
    assert figures["records"] == figures["lines"] > 2000
    assert figures["rejected"] == figures["lines"] // 100
    assert figures["used"] == figures["records"] - figures["rejected"]
