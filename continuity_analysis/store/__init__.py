"""Every export ever ingested, kept as append-only Delta Lake tables: nothing is changed, nothing forgotten.

`ingest` appends, `read_store` gives back every version of every row; `continuity_analysis.logs` makes of them the
tables to work with. `write_verdicts` keeps what a report said, beside what it said it of.
"""

from continuity_analysis.store.delta import compact
from continuity_analysis.store.reading import read_exports, read_store
from continuity_analysis.store.verdicts import read_verdicts, write_verdicts
from continuity_analysis.store.writing import ingest, write_readings

__all__ = ["compact", "ingest", "read_exports", "read_store", "read_verdicts", "write_readings", "write_verdicts"]
