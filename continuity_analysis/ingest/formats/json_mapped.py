"""Any JSON or JSON lines of your own, by a mapping of its paths.

Get it with: any tool that writes JSON; say in `sources` of services.yaml which path is what, and which array holds the
records unless they stand by themselves (one object per line, or one array)::

    sources:
      - {path: "desk/*.json", format: json, table: incidents, records: data.items, timezone: UTC,
         columns: {incident_id: id, component: service.name, started_at: opened.at, restored_at: closed.at}}

- Paths are dotted; a key that holds a dot stands in double quotes, a place in an array in brackets: `'"a.b"[0].at'`.
  `$page.x` is read from what stands around the array, `$file` is the file's name.
- A path that no record has is null everywhere: the data-quality report lists what was never stated.
- Markers of what is missing, zones, dates, numbers since 1970, durations, words and totals: as for csv_mapped.

Checked against: files written for the tests.
"""

from continuity_analysis.ingest.formats._mapped import of_source, recognises  # noqa: F401

CONTAINER = "json"
PRODUCT = "json"
EXPORT = "window"
