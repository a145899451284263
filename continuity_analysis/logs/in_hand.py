"""The tables in hand: what everything read says, one row per key, with the service each row belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from continuity_analysis.catalog import Catalog
from continuity_analysis.logs.corrections import correct
from continuity_analysis.logs.courses import COURSES
from continuity_analysis.logs.sql import ask_tables
from continuity_analysis.tables import TABLES


@dataclass(frozen=True, eq=False, repr=False)
class Logs:
    """Tables as plain DataFrames, and the frame they were made in; each table is also an attribute.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        `incidents`, `states`, `backups`, `recoveries`, `lag`, `changes`, `requests`, `workloads`, `estimates`:
        canonical columns and `service` (null where the catalogue claims a row for none; a row claimed by two services
        stands twice). `estimates` are what a tool reckons from configuration: no answer is made of them.
        `exports`, `rejects`: what was read, and what could not be used. `verdicts`: what earlier reports from the store
        said, as they said it. `incomplete`: rows left out because they lack
        a required column. `skipped`: files that gave nothing, and why; of a store, it is not known. `versions`: how
        often each record was read. `ahead`: records that begin after the moment their own export speaks of.
    catalog : Catalog
    as_of : pandas.Timestamp
        The moment the tables speak of, in UTC; NaT where nothing says it.
    known_at : pandas.Timestamp or None
        Only what was in the store by then; None for all of it.
    timezone : str
        IANA zone in which periods and moments without offset are understood.
    origin : str
        Where the logs came from.
    """

    tables: Mapping[str, pd.DataFrame]
    catalog: Catalog
    as_of: pd.Timestamp
    known_at: pd.Timestamp | None
    timezone: str
    origin: str

    def __getattr__(self, name: str) -> pd.DataFrame:
        """A table by its name."""
        if not name.startswith("_") and name in (tables := self.__dict__.get("tables", {})):
            return tables[name]
        raise AttributeError(f"Logs have no {name!r}; their tables are {', '.join(self.__dict__.get('tables', ()))}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.tables})

    @cached_property
    def corrected_incidents(self) -> pd.DataFrame:
        """Incidents with the catalogue's corrections applied, and the column `correction` that says why.

        Excluded incidents are left out; the raw rows stay in `incidents`.
        """
        return correct(self.tables["incidents"], self.catalog.corrections, as_of=self.as_of)

    @cached_property
    def seen(self) -> pd.DataFrame:
        """Every component and asset: columns kind, name, product, n (rows), claimed (by a service or as its own)."""
        counted = [
            frame.assign(kind=kind, name=frame[kind], claimed=frame["service"].notna())
            .drop_duplicates([k for k in ("product", *TABLES[table].key) if k in frame])
            .groupby(["kind", "name", "product"], as_index=False)
            .agg(n=("name", "size"), claimed=("claimed", "any"))
            for table, frame in self.tables.items()
            if (kind := service_kind(table)) and len(frame)
        ]
        if not counted:
            kinds = {"kind": "str", "name": "str", "product": "str", "n": "int64", "claimed": "bool"}
            return pd.DataFrame({c: pd.Series(dtype=t) for c, t in kinds.items()})
        whole = pd.concat(counted).groupby(["kind", "name", "product"], as_index=False)
        return whole.agg(n=("n", "sum"), claimed=("claimed", "any"))

    @property
    def unclaimed(self) -> pd.DataFrame:
        """Components and assets that no service of the catalogue claims: columns kind, name, product, n."""
        return self.seen[~self.seen["claimed"]].drop(columns="claimed").reset_index(drop=True)

    def sql(self, query: str) -> pd.DataFrame:
        """The answer of one SQL query (DuckDB's dialect) over the tables, each known by its name.

        It runs in memory and only reads: no files, no network. Dates and hours are of `timezone`; moments come back in
        UTC.

        Parameters
        ----------
        query : str
            Such as "SELECT service, count(*) AS n FROM incidents GROUP BY service".

        Raises
        ------
        InputError
            If it does not read, or names a table or a column that is not there.
        """
        return ask_tables(self.tables, query, timezone=self.timezone)

    @property
    def services(self) -> list[str]:
        """Names of the services that rows belong to, in alphabetical order."""
        evidence = [frame for name, frame in self.tables.items() if name != "verdicts"]
        named = [frame["service"] for frame in evidence if "service" in frame]
        return sorted(set(pd.concat(named).dropna())) if named else []

    @property
    def summary(self) -> pd.DataFrame:
        """One row per table that has any: columns table, rows, begins, ends (of its rows' begins, in `timezone`)."""
        shown = {name: frame for name, frame in self.tables.items() if len(frame) and name not in ("versions", "ahead")}
        rows = [(name, len(frame), *self._span(name, frame)) for name, frame in shown.items()]
        return pd.DataFrame(rows, columns=["table", "rows", "begins", "ends"])

    def _span(self, name: str, frame: pd.DataFrame) -> tuple[str, str]:
        begins = [c for c in COURSES[name].begins if c in frame] if name in COURSES else []
        if not begins:
            return "", ""
        moments = frame[begins].min(axis=1)
        return tuple(self._local(moment, "%Y-%m-%d") for moment in (moments.min(), moments.max()))

    def _heading(self) -> str:
        to_the_minute = "%Y-%m-%d %H:%M %Z"
        known = "" if self.known_at is None else f", as known at {self._local(self.known_at, to_the_minute)}"
        return f"Logs of {self.origin}, as of {self._local(self.as_of, to_the_minute) or 'no stated moment'}{known}"

    def _local(self, moment: pd.Timestamp, form: str) -> str:
        return "" if pd.isna(moment) else moment.tz_convert(self.timezone).strftime(form)

    def _about(self) -> list[str]:
        """What was read and which services rows belong to, one line each; the first twelve services are named."""
        exports, names = self.tables.get("exports", pd.DataFrame()), self.services
        products = sorted(set(exports["product"].dropna())) if len(exports) else []
        files = "1 file" if len(exports) == 1 else f"{len(exports):,} files"
        read = [f"{files} of {', '.join(products)}"] if products else []
        more = f" and {len(names) - 12:,} more" if len(names) > 12 else ""
        services = [f"{len(names):,} {'service' if len(names) == 1 else 'services'}: {', '.join(names[:12])}{more}"]
        return read + (services if names else [])

    def __repr__(self) -> str:
        lines = [
            f"  {row.table:<12}{row.rows:>12,} rows" + (f"  {row.begins} … {row.ends}" if row.begins else "")
            for row in self.summary.itertuples()
        ]
        return "\n".join([self._heading(), *(f"  {line}" for line in self._about()), *(lines or ["  no rows"])])

    def _repr_html_(self) -> str:
        from html import escape

        above = "".join(f"<p>{escape(line)}</p>" for line in (self._heading(), *self._about()))
        return above + self.summary.to_html(index=False, border=0, formatters={"rows": "{:,}".format})


def service_kind(table_name: str) -> str | None:
    """What a table's rows name that services are made of: component, asset, or None."""
    names = TABLES[table_name].names if table_name in TABLES else ()
    return next((kind for kind in ("component", "asset") if kind in names), None)
