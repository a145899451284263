"""The canonical tables: columns, keys and row rules. The only definition there is.

Casts, checks, the store's schemas, GLOSSARY.md and error texts are derived from `TABLES`. A row holds what an export
*said*; what follows from it is measured later. Moments are `timestamp[us, UTC]` and end in `_at`; what is unknown is
null, never a sentinel.
"""

from dataclasses import dataclass

import pyarrow as pa

MOMENT = pa.timestamp("us", tz="UTC")
TEXT = pa.string()
WHOLE = pa.int64()
REAL = pa.float64()
FLAG = pa.bool_()

CAUSES = ("infrastructure", "attack", "natural_disaster", "hotfix", "load", "human_error", "update", "supplier")

LATENCY_BOUNDS = (
    *(round(step * 10.0**power, 6) for power in range(-3, 2) for step in (1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8)),
    100.0,
)
"""Upper bounds, inclusive, of the counts of `latency_histogram` [s]: preferred numbers, ten a decade (ISO 3, R10); one
more count holds what took longer."""


@dataclass(frozen=True)
class Column:
    """One column: its Arrow type, what it means, and what a value must satisfy.

    `values` lists the words allowed; `low` and `high` are inclusive limits. `earliest` marks moments of which the
    first counts where a history of events is joined (`EXPORT = "events"`); otherwise the newest non-null one does.
    """

    name: str
    type: pa.DataType
    meaning: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    earliest: bool = False


@dataclass(frozen=True)
class Table:
    """One canonical table.

    key : columns that, with `product`, name a row; none may be null.
    required : columns that may not be null once formats are joined; rows that lack one are *incomplete* and listed.
    together : the column whose rows a newer version replaces as a whole (an incident that moved to another component
        leaves no row behind); where it is null, or not stated, the key.
    version_of : "record" where one record speaks for all rows of `together`, "export" where a whole file does.
    """

    name: str
    one_row_is: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: tuple[str, ...] = ()
    together: str | None = None
    version_of: str = "record"

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema: the table's own columns, then where each row came from."""
        return pa.schema([pa.field(c.name, c.type) for c in self.all_columns])

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The table's own columns followed by those of its origin that it does not state itself."""
        own = {c.name for c in self.columns}
        return self.columns + tuple(c for c in PROVENANCE if c.name not in own and self.name not in OWN_PROVENANCE)

    @property
    def names(self) -> list[str]:
        """Names of all columns, in order."""
        return [c.name for c in self.all_columns]


PROVENANCE = (
    Column("product", TEXT, "the tool the export came from, such as pagerduty; part of every key"),
    Column("format", TEXT, "the format module that read it, such as pagerduty_incidents"),
    Column("export_id", TEXT, "sha256 of the content of the file the row was read from"),
    Column("record_no", WHOLE, "number of the record in that file, from 1"),
    Column("observed_at", MOMENT, "the moment the export speaks of"),
)
OWN_PROVENANCE = ("exports", "rejects", "verdicts")


def _moment(name: str, meaning: str, *, earliest: bool = False) -> Column:
    return Column(name, MOMENT, meaning, earliest=earliest)


INCIDENTS = Table(
    "incidents",
    "one disruption of one component",
    key=("incident_id", "component"),
    required=("started_at",),
    together="incident_id",
    columns=(
        Column("incident_id", TEXT, "the source's own id, as text, unique within its product"),
        Column("component", TEXT, "what was disrupted, as the source names it"),
        _moment("started_at", "when the disruption began, in the sense of started_basis", earliest=True),
        Column("kind", TEXT, "what sort of record it is", ("incident", "alert", "probe", "maintenance")),
        Column("title", TEXT, "the source's one-line title"),
        Column("severity", WHOLE, "1 worst to 5; null where the source states none that maps", low=1, high=5),
        Column("severity_reported", TEXT, "the source's own word for it"),
        Column("cause", TEXT, "class of cause; null is unknown", CAUSES),
        Column("cause_reported", TEXT, "the source's own word for the cause"),
        Column("planned", FLAG, "true for planned work"),
        Column("impact", REAL, "share of the service lost, 0 to 1; null unless the source says so", low=0, high=1),
        Column(
            "status",
            TEXT,
            "where it stands; scheduled: planned and not begun",
            ("open", "resolved", "cancelled", "scheduled"),
        ),
        Column(
            "started_basis",
            TEXT,
            "what started_at is: begin of impact, creation of the record, or an alert crossing its threshold",
            ("impact", "creation", "alert", "schedule"),
        ),
        _moment("detected_at", "when somebody or something noticed", earliest=True),
        _moment("acknowledged_at", "when a responder took it on", earliest=True),
        _moment("mitigated_at", "when users were no longer affected, though the cause remained"),
        _moment("restored_at", "when service was restored, in the sense of restored_basis"),
        Column(
            "restored_basis", TEXT, "what restored_at is; a ticket's closure is an upper bound", ("restored", "closure")
        ),
        _moment("closed_at", "when the ticket was closed"),
        _moment("scheduled_from_at", "begin of the announced window of planned work"),
        _moment("scheduled_until_at", "end of the announced window of planned work"),
        _moment("updated_at", "when the source last changed the record"),
        Column("url", TEXT, "where a person can read it"),
    ),
)

STATES = Table(
    "states",
    "one component in one state for one stretch, as one observer saw it",
    key=("observer", "component", "from_at"),
    required=("state",),
    together="incident_id",
    columns=(
        Column("observer", TEXT, "what kind of eye saw it", ("probe", "member", "page")),
        Column("component", TEXT, "what was watched, as the source names it"),
        _moment("from_at", "first moment in this state"),
        Column(
            "state",
            TEXT,
            "the state; partial: part of the users or capacity lost, degraded: slower but serving",
            (
                "up",
                "degraded",
                "partial",
                "down",
                "maintenance",
                "unknown",
                "primary",
                "secondary",
                "starting",
                "removed",
            ),
        ),
        _moment("until_at", "last moment vouched for; null while it lasts"),
        Column("step_seconds", REAL, "grid of a sampling observer, in seconds", low=0),
        Column("incident_id", TEXT, "the incident it belongs to, where the source says so"),
    ),
)

BACKUPS = Table(
    "backups",
    "one backup run or snapshot at one location",
    key=("backup_id", "asset", "location"),
    columns=(
        Column("backup_id", TEXT, "the tool's own id, prefixed until unique within its product"),
        Column("asset", TEXT, "what is protected, as the tool names it"),
        Column("location", TEXT, "where the copy lies: repository, bucket or region"),
        Column("method", TEXT, "how it was made", ("full", "incremental", "differential", "log", "snapshot")),
        Column("parent_id", TEXT, "backup_id that it needs to be restorable"),
        Column(
            "status",
            TEXT,
            "how the run ended; null where the export cannot know",
            ("completed", "partial", "failed", "running", "deleted"),
        ),
        _moment("started_at", "when the run began"),
        _moment("covers_from_at", "first moment covered, for log methods"),
        _moment("recovery_point_at", "the moment whose data it holds; null where the log does not say"),
        Column(
            "recovery_point_basis",
            TEXT,
            "what recovery_point_at rests on",
            ("oplog_end", "wal_end", "backup_end", "snapshot", "cursor", "job_start"),
        ),
        _moment("finished_at", "when it became usable"),
        _moment("expires_at", "when the tool will or may delete it"),
        _moment("verified_at", "when it was last checked"),
        Column("verified_by", TEXT, "how it was checked", ("checksum", "full_read", "restore")),
        Column("verified_result", TEXT, "what the check said", ("passed", "failed")),
        Column("size_bytes", WHOLE, "size of the data protected, in bytes", low=0),
        Column("stored_bytes", WHOLE, "size on storage, in bytes", low=0),
        Column("error", TEXT, "the tool's own words on a failure"),
    ),
)

RECOVERIES = Table(
    "recoveries",
    "one recovery attempt, real or rehearsed",
    key=("recovery_id",),
    required=("kind",),
    columns=(
        Column("recovery_id", TEXT, "the source's own id, as text"),
        Column("asset", TEXT, "asset or service recovered, as the source names it"),
        Column("kind", TEXT, "what sort of recovery", ("drill", "restore", "failover", "self_heal")),
        Column("backup_id", TEXT, "the backup it was made from"),
        Column(
            "status",
            TEXT,
            "how it ended; aborted: called off for reasons outside it",
            ("completed", "failed", "aborted", "running"),
        ),
        _moment("disrupted_at", "when the disruption began (or was staged)"),
        _moment("detected_at", "when it was noticed"),
        _moment("declared_at", "when recovery was decided on"),
        _moment("started_at", "when work on the recovery began"),
        _moment("data_restored_at", "when data was back"),
        _moment("service_restored_at", "when the service ran again at its minimum capacity"),
        _moment("finished_at", "when the attempt ended, well or not"),
        _moment("recovery_point_at", "the moment whose data was recovered"),
        Column("size_bytes", WHOLE, "data restored, in bytes", low=0),
        Column("plan_version", TEXT, "version of the recovery plan followed"),
        Column("scope", TEXT, "end_to_end proves a service, data only the copy", ("end_to_end", "data")),
        Column("findings", TEXT, "what was learned, one per line"),
    ),
)

LAG = Table(
    "lag",
    "how far one replica was behind at one moment",
    key=("asset", "replica", "observed_at"),
    required=("lag_seconds",),
    columns=(
        Column("asset", TEXT, "the replicated asset"),
        Column("replica", TEXT, "the replica"),
        Column("lag_seconds", REAL, "seconds behind the primary"),
    ),
)

CHANGES = Table(
    "changes",
    "one deployment, roll-back or maintenance",
    key=("change_id", "component"),
    required=("started_at",),
    columns=(
        Column("change_id", TEXT, "the source's own id, as text"),
        Column("component", TEXT, "what was changed"),
        Column("kind", TEXT, "what sort of change", ("deployment", "rollback", "maintenance", "configuration")),
        Column("status", TEXT, "how it ended", ("completed", "failed", "cancelled", "running")),
        _moment("started_at", "when it began"),
        _moment("finished_at", "when it ended"),
        Column("version", TEXT, "the version it brought"),
    ),
)

REQUESTS = Table(
    "requests",
    "one component, one minute of one log",
    key=("log_id", "component", "minute_at"),
    required=("total",),
    together="log_id",
    version_of="export",
    columns=(
        Column("log_id", TEXT, "hash of the log's first record, so that a grown log replaces itself"),
        Column("component", TEXT, "the service asked, as the log names it"),
        _moment("minute_at", "begin of the minute"),
        Column("total", WHOLE, "requests received", low=0),
        Column("failed", WHOLE, "requests the service failed to serve", low=0),
        Column("rejected", WHOLE, "requests refused by client policy", low=0),
        Column(
            "latency_histogram", pa.list_(WHOLE), "counts of response times up to each of LATENCY_BOUNDS, and beyond"
        ),
    ),
)

WORKLOADS = Table(
    "workloads",
    "one workload as seen once",
    key=("component", "observed_at"),
    columns=(
        Column("component", TEXT, "the workload"),
        Column("replicas", WHOLE, "replicas asked for", low=0),
        Column("ready", WHOLE, "replicas ready", low=0),
        Column("nodes", WHOLE, "different nodes they run on", low=0),
        Column("zones", WHOLE, "different zones they run in", low=0),
        Column("autoscaled", FLAG, "true where an autoscaler acts on it"),
        Column("disruption_budget", FLAG, "true where a disruption budget protects it"),
    ),
)

ESTIMATES = Table(
    "estimates",
    "what a tool reckons, from configuration alone, that one kind of disruption would cost: no measurement",
    key=("estimate_id", "component", "disruption"),
    columns=(
        Column("estimate_id", TEXT, "the source's own id of the assessment"),
        Column("component", TEXT, "what was assessed, as the source names it"),
        Column("disruption", TEXT, "what is lost", ("software", "hardware", "zone", "region")),
        _moment("assessed_at", "when the assessment ended"),
        Column("rto_seconds", REAL, "estimated time to recover as configured, in seconds", low=0),
        Column("rpo_seconds", REAL, "estimated loss of data as configured, in seconds", low=0),
        Column("recoverable", FLAG, "false where the tool reckons with no recovery; its figure is then not kept"),
        Column("achievable_rto_seconds", REAL, "estimated time to recover if its advice were followed", low=0),
        Column("achievable_rpo_seconds", REAL, "estimated loss of data if its advice were followed", low=0),
        Column("policy_rto_seconds", REAL, "the RTO that the tool's policy asks for", low=0),
        Column("policy_rpo_seconds", REAL, "the RPO that the tool's policy asks for", low=0),
        Column("compliance", TEXT, "the tool's own verdict", ("met", "breached", "not_applicable", "no_policy")),
        Column("reason", TEXT, "the tool's own words on the estimate"),
    ),
)

EXPORTS = Table(
    "exports",
    "one file read",
    key=("export_id",),
    columns=(
        Column("export_id", TEXT, "sha256 of its content"),
        Column("product", TEXT, "the tool it came from"),
        Column("format", TEXT, "the format module that read it"),
        Column(
            "export_kind",
            TEXT,
            "what such an export shows; a glance: signs of what happened, whose absence proves nothing",
            ("events", "window", "listing", "open_only", "glance"),
        ),
        Column("origin", TEXT, "name of the file, relative to what was given"),
        Column("scope", TEXT, "what the export speaks of, such as one cluster or page"),
        Column("complete", FLAG, "true where the catalogue declares it a complete listing of its scope"),
        _moment("observed_at", "the moment it speaks of"),
        _moment("covers_from_at", "first moment it can vouch for; null where unknown"),
        _moment("covers_until_at", "last moment it can vouch for"),
        _moment("ingested_at", "when it was read into the store; null outside a store"),
        Column("timezone_assumed", TEXT, "zone that was stated for its naive times; null where it had none"),
        Column("records", WHOLE, "records in the file", low=0),
        Column("used", WHOLE, "records that led to rows", low=0),
        Column("ignored", WHOLE, "records that are right but say nothing here", low=0),
        Column("rejected", WHOLE, "records that could not be used", low=0),
        Column("ignored_reasons", TEXT, "JSON: reason to count"),
        Column("clock_oddities", TEXT, "JSON: what befell local times where clocks were changed, to count; else null"),
    ),
)

REJECTS = Table(
    "rejects",
    "one record that could not be used",
    key=("export_id", "record_no", "table"),
    columns=(
        Column("export_id", TEXT, "the file it stood in"),
        Column("record_no", WHOLE, "number of the record, from 1"),
        Column("table", TEXT, "canonical table it was meant for; empty where it did not parse at all"),
        Column("reason", TEXT, "why, in one sentence"),
        Column("raw", TEXT, "the record as it stood there"),
    ),
)

VERDICTS = Table(
    "verdicts",
    "one objective as one report judged it, kept as it was said",
    key=("judged_at", "period_from_at", "period_until_at", "service", "objective"),
    columns=(
        _moment("judged_at", "when the report opened the store: it saw what had been ingested by then"),
        _moment("period_from_at", "begin of the period judged"),
        _moment("period_until_at", "end of the period judged, not in it"),
        Column("service", TEXT, "whose objective"),
        Column("objective", TEXT, "which one, such as availability or rpo"),
        Column("period", TEXT, "what the report called the period, such as 2026Q3"),
        _moment("observed_at", "the moment the report spoke of (its as_of)"),
        Column("target", REAL, "what was promised then, in unit"),
        Column("achieved", REAL, "what was measured then, in unit; infinite where without limit"),
        Column("unit", TEXT, "of target and achieved", ("ratio", "seconds")),
        Column("verdict", TEXT, "what was said", ("BREACHED", "AT_RISK", "INSUFFICIENT", "MET")),
        Column("provisional", FLAG, "true if the period was not over"),
        Column("reason", TEXT, "why, in the report's words"),
        Column("n", WHOLE, "number of observations it rested on", low=0),
        Column("version", TEXT, "of the program that judged"),
        Column("catalog_id", TEXT, "sha256 of the services.yaml it was judged by; null without one"),
    ),
)

TABLES = {
    t.name: t
    for t in (
        *(INCIDENTS, STATES, BACKUPS, RECOVERIES, LAG, CHANGES, REQUESTS, WORKLOADS, ESTIMATES),
        *(EXPORTS, REJECTS, VERDICTS),
    )
}
EVIDENCE = tuple(n for n in TABLES if n not in OWN_PROVENANCE)


def empty(name: str) -> pa.Table:
    """An Arrow table of the right schema with no row."""
    return TABLES[name].schema.empty_table()


def to_frame(table: pa.Table):
    """A canonical Arrow table as a DataFrame: moments `datetime64[us, UTC]`, integers `Int64`, flags `boolean`."""
    import pandas as pd

    kinds = {WHOLE: pd.Int64Dtype(), FLAG: pd.BooleanDtype()}
    return table.to_pandas(types_mapper=kinds.get)
