"""Print what a sample gives, in the shape of its expected file, to be checked by eye before it is stored.

    python -m tests.ingest.expect tests/fixtures/<format>/<sample>.<ext> [--timezone ZONE] [--options '{"as_of": "…"}']

The options of an expected file that is there already are kept, and the columns of the export that it compares; the
kind of the export is always printed.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.ingest.samples import Sample, outcome, plain, read_sample


def main(arguments: list[str] | None = None) -> int:
    """Read one sample and print its outcome; 1 when it is not one reading of a known format."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--timezone")
    parser.add_argument("--options", type=json.loads, default={})
    given = parser.parse_args(arguments)
    sample = Sample(given.file.resolve().parent.name, given.file.resolve())
    stored = sample.expected.get("options", {}) if sample.expected_path.exists() else {}
    options = stored | given.options | ({"timezone": given.timezone} if given.timezone else {})
    readings = read_sample(sample.path, options)
    for reading in readings:
        if reading.format != sample.format:
            print(f"{reading.file}: read as {reading.format}: {reading.reason}", file=sys.stderr)
        kept = sample.expected.get("export", {}) if sample.expected_path.exists() else {}
        export = {c: reading.export and plain(reading.export[c]) for c in {"export_kind": None} | kept}
        shown = ({"options": options} if options else {}) | outcome(reading) | {"export": export}
        print(json.dumps(shown, indent=1, ensure_ascii=False))
    return 0 if len(readings) == 1 and readings[0].format == sample.format else 1


if __name__ == "__main__":
    sys.exit(main())
