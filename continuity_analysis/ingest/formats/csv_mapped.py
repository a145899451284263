"""Any CSV of your own, by a mapping of its columns.

Get it with: any tool that writes CSV; say in `sources` of services.yaml which column is what::

    sources:
      - {path: "itsm/*.csv", format: csv, table: incidents, timezone: Europe/Rome, dayfirst: true,
         columns: {incident_id: Number, component: CI, started_at: Opened, restored_at: Resolved}}

- Delimiter (`,` `;` tab `|`) and encoding (UTF-8, UTF-16, Windows-1252) are found out. Decimal commas: `decimal: ","`.
- `?`, `-`, `N/A`, `null`, `0000-00-00`, empty cells and moments of 1970-01-01 are unknown.
- Times without an offset need `timezone`. Whether 03/04 is in April is told by the whole file, else by `dayfirst`.
  Whole numbers of 10, 13, 16 or 19 digits are seconds, ms, us or ns since 1970.
- A header that stands twice is named `Header[1]`, `Header[2]`. Rows of totals are ignored; a row of another width, or
  with quotes that do not fit, is rejected alone.
- Where no end stands but a duration does: `duration: {column: Downtime, unit: min}`; a unit is ms, s, min, h, d for
  numbers, h:mm or m:ss for 1:30. 1d 2h, PT5M and 2:05:00 (hours first) are read with every unit. A mapped end wins.
- One component or asset for the whole file: `component: shop`, `asset: db`. Several tools in one format: `product: x`
  keeps their ids apart.
- A severity such as "1 - Critical", "P2" or "SEV3" is its number from 1 to 5; one without a number is kept as reported
  only. Usual words ("Closed", "Success", "In Progress", "yes") are understood, all others must be canonical.
- With `complete: true` the file is a listing of all there is, otherwise a window of a history.

Checked against: files written for the tests.
"""

from continuity_analysis.ingest.formats._mapped import of_source, recognises  # noqa: F401

CONTAINER = "csv"
PRODUCT = "csv"
EXPORT = "window"
