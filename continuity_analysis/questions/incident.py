"""All that is known of one incident: what each log says, what is made of it, and which file and record said so."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.clock import to_moments
from continuity_analysis.measurements.corrected import counted_incidents
from continuity_analysis.measurements.durations import measure_durations
from continuity_analysis.measurements.observations import observe_incidents
from continuity_analysis.questions.restoration import DURATIONS
from continuity_analysis.tables import MOMENT, TABLES
from continuity_analysis.words import show

_NO_MOMENT_OF_IT = ("observed_at",)
_SOURCE = ["product", "format", "origin", "record_no", "observed_at"]


@dataclass(frozen=True)
class Incident:
    """One incident, whole.

    Attributes
    ----------
    incident_id : str
    product : str
    title : str
        Empty where no log states one.
    moments : DataFrame
        at, moment (started, detected, …), component, since_start_hours [h]: in order of time, each said once.
    counted : DataFrame
        Per service it disrupted: hours [h] from start to restoration, censored, excluded (why it does not count; null
        where it does), correction (why the catalogue corrected it) and the rest of what `durations` says.
    rows : mapping of str to DataFrame
        Table name -> its rows on this incident, as the logs said it; tables without any are left out.
    sources : DataFrame
        product, format, origin (the file), record_no, observed_at: where each row stands; of a row that several files
        tell together, the newest of them. The record itself is not kept: it is in that file, under that number.
    """

    incident_id: str
    product: str
    title: str
    moments: pd.DataFrame
    counted: pd.DataFrame
    rows: dict[str, pd.DataFrame]
    sources: pd.DataFrame

    @property
    def verdicts(self) -> list[str]:
        """One sentence per service: how long it took there, or why it does not count."""
        told = [_verdict(row) for row in self.counted.itertuples()]
        return told or ["No service of the catalogue claims what it disrupted, so it counts nowhere."]

    def _heading(self) -> str:
        return f"{self.title or 'Incident without a title'} ({self.product} {self.incident_id})"

    def _shown(self) -> list[tuple[str, pd.DataFrame]]:
        moments = self.moments.assign(
            at=[show(at, "moment") for at in self.moments["at"]],
            since_start_hours=[show(hours, "hours") for hours in self.moments["since_start_hours"]],
        ).rename(columns={"since_start_hours": "after the start"})
        facts = [(f"What the table {name} says", _facts(rows)) for name, rows in self.rows.items()]
        where = self.sources.assign(observed_at=[show(at, "moment") for at in self.sources["observed_at"]])
        return [("Moments", moments), *facts, ("Where that stands", where)]

    def __repr__(self) -> str:
        parts = [f"{name}\n{rows.to_string(index=False)}" for name, rows in self._shown()]
        return "\n\n".join(["\n".join([self._heading(), *self.verdicts]), *parts])

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.verdicts)
        parts = [f"<p><b>{name}</b></p>{rows.to_html(index=False, border=0)}" for name, rows in self._shown()]
        return f"<h4>{escape(self._heading())}</h4><ul>{said}</ul>{''.join(parts)}"


def incident(logs, incident_id: str, *, product: str | None = None) -> Incident:
    """All that is known of one incident.

    Parameters
    ----------
    logs : Logs
    incident_id : str
        As it stands in `logs.incidents` and in what `durations` returns.
    product : str, optional
        Needed where two products use the same id.

    Returns
    -------
    Incident

    Raises
    ------
    InputError
        If there is no such incident, or several products have one of this id.
    """
    known = logs.incidents[logs.incidents["incident_id"] == incident_id]
    product = _product(known, incident_id, product)
    rows = {name: found for name, frame in logs.tables.items() if len(found := _rows(frame, incident_id, product))}
    whole = _rows(counted_incidents(logs), incident_id, product)
    measured = measure_durations(observe_incidents(logs))
    counted = _rows(measured.assign(started_at=to_moments(measured["started"])), incident_id, product)
    return Incident(
        incident_id=incident_id,
        product=product,
        title=next(iter(whole["title"].dropna()), ""),
        moments=_moments(whole),
        counted=counted[list(DURATIONS)].reset_index(drop=True),
        rows=rows,
        sources=_sources(logs, rows),
    )


def _product(known: pd.DataFrame, incident_id: str, product: str | None) -> str:
    products = sorted(known["product"].unique())
    if not products:
        raise InputError(f"Expected the incident_id of a row of logs.incidents, got {incident_id!r}: there is none.")
    if product is None and len(products) > 1:
        raise InputError(f"Expected one incident, got {incident_id!r} of {', '.join(products)}: say which product=.")
    if product is not None and product not in products:
        raise InputError(f"Expected a product that has {incident_id!r}, {', '.join(products)}, got {product!r}.")
    return product or products[0]


def _rows(frame: pd.DataFrame, incident_id: str, product: str) -> pd.DataFrame:
    if not {"incident_id", "product"} <= set(frame):
        return frame.iloc[:0]
    return frame[(frame["incident_id"] == incident_id) & (frame["product"] == product)].reset_index(drop=True)


def _moments(rows: pd.DataFrame) -> pd.DataFrame:
    """The moments of an incident's rows, corrected, one under the other; components that say the same are joined."""
    names = [f.name for f in TABLES["incidents"].schema if f.type == MOMENT and f.name not in _NO_MOMENT_OF_IT]
    long = rows.melt(["component"], names, var_name="moment", value_name="at").dropna(subset="at")
    long = long.drop_duplicates().sort_values(["at", "component"], kind="stable")
    joined = long.groupby(["at", "moment"], sort=False)["component"].agg(", ".join).reset_index()
    since = (joined["at"] - rows["started_at"].min()) / pd.Timedelta(hours=1)
    joined["moment"] = joined["moment"].str.removesuffix("_at").str.replace("_", " ")
    return joined.assign(since_start_hours=since)[["at", "moment", "component", "since_start_hours"]]


def _sources(logs, rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    names = ["export_id", *(c for c in _SOURCE if c != "origin")]
    stands = pd.concat([frame[names] for frame in rows.values()])
    origins = logs.exports.drop_duplicates("export_id").set_index("export_id")["origin"]
    found = stands.assign(origin=origins.reindex(stands["export_id"]).to_numpy())
    return found[_SOURCE].drop_duplicates(ignore_index=True)


def _facts(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows state, one column under the other; what none of them states is left out."""
    hidden = {"export_id", "record_no", "format", "product", "incident_id"}
    stated = rows[[c for c in rows if c not in hidden and rows[c].notna().any()]]
    moment = {c for c in stated if isinstance(stated[c].dtype, pd.DatetimeTZDtype)}
    words = stated.apply(lambda c: [show(v, "moment" if c.name in moment else "text") for v in c])
    turned = words.drop_duplicates().T.reset_index()
    return turned.set_axis(["column", *(f"row {i + 1}" for i in range(turned.shape[1] - 1))], axis=1)


def _verdict(row) -> str:
    if pd.notna(row.excluded):
        told = f"{row.service}: does not count in the durations, {row.excluded}"
    else:
        told = f"{row.service}: {'still open after' if row.censored else 'restored after'} {show(row.hours, 'hours')}"
        told += f" ({row.end_basis})" if pd.notna(row.end_basis) else ""
    return told + (f"; corrected: {row.correction}" if pd.notna(row.correction) else "") + "."
