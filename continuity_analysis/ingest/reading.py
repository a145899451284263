"""One reading: a file (or the files of one run together) as canonical rows, rejects and an account of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from continuity_analysis.tables import empty


@dataclass(frozen=True)
class Reading:
    """What came of one file.

    Attributes
    ----------
    file : str
        Name relative to what was given; of a group read together, its folder with a `/` at the end.
    format : str or None
        Name of the format that read it; None where the file was skipped.
    tables : dict of str to pyarrow.Table
        Canonical rows, cast and checked; only tables that have any.
    export : dict or None
        The row of `exports`, `ingested_at` None; None where the file was skipped.
    rejects : pyarrow.Table
        Rows of `rejects`.
    records, used, ignored, rejected : int
        The account: records = used + ignored + rejected.
    rows : dict of str to int
        Rows per table.
    reason : str or None
        Why the file was skipped.
    ignored_reasons : dict of str to int
        Ignored records by reason.
    clock_oddities : dict of str to int
        Local times that stood twice, or never, on the clock.
    """

    file: str
    format: str | None = None
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    export: Mapping | None = None
    rejects: pa.Table = field(default_factory=lambda: empty("rejects"))
    records: int = 0
    used: int = 0
    ignored: int = 0
    rejected: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    ignored_reasons: Mapping[str, int] = field(default_factory=dict)
    clock_oddities: Mapping[str, int] = field(default_factory=dict)
