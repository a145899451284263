"""Any Parquet of your own, by a mapping of its columns.

Get it with: any tool that writes Parquet (Spark, pandas, DuckDB, a data lake); say in `sources` of services.yaml which
column is what::

    sources:
      - {path: "lake/incidents/*.parquet", format: parquet, table: incidents, timezone: Europe/Rome,
         columns: {incident_id: id, component: service, started_at: opened.at, restored_at: closed.at}}

- A column within a struct is dotted. Moments with a zone are taken in UTC; those without one (Spark's INT96 too) need
  `timezone`; days count from midnight.
- Whole numbers that became floating ones because some are missing (pandas) read as whole again; NaN is unknown.
- Durations written as a type are numbers in the unit that the writer stored: better write seconds, with `unit: s`.
- Rejected rows are kept as JSON. Folders partitioned by name (`day=2026-01-01/`) give no column.
- Markers of what is missing, numbers since 1970, durations, words and totals: as for csv_mapped.

Checked against: files written for the tests with pyarrow.
"""

from continuity_analysis.ingest.formats._mapped import of_source, recognises  # noqa: F401

CONTAINER = "parquet"
PRODUCT = "parquet"
EXPORT = "window"
