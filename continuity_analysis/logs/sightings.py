"""When each backup was seen, and when it was gone: derived from every listing ever read, never stored.

A sighting is a row of a listing that does not say the backup was deleted; where no listing ever showed a backup, any
row of it. A backup was gone at the first *complete* listing of the same scope after its last sighting, or when a
listing itself says that it was deleted: it vanished somewhere in (last_seen_at, removed_at]. A log of events that says
when it was deleted is its last sighting, too: it was there until that very moment.

Only the catalogue declares a listing complete. One that is declared complete but states no scope speaks for the
assets that it shows.
"""

import pyarrow as pa

from continuity_analysis.store.arrow_sql import ask, columns, moment
from continuity_analysis.tables import MOMENT, TABLES

_KEY = ("product", *TABLES["backups"].key)
SIGHTING_COLUMNS = (
    pa.field("first_seen_at", MOMENT),
    pa.field("last_seen_at", MOMENT),
    pa.field("removed_at", MOMENT),
    pa.field("survivors_only", pa.bool_()),
)


def with_sightings(current: pa.Table, rows: pa.Table, exports: pa.Table, *, as_of) -> pa.Table:
    """Current backups, in their order, with the columns first_seen_at, last_seen_at, removed_at and survivors_only.

    Parameters
    ----------
    current : pyarrow.Table
        Current rows of `backups`, one per key.
    rows : pyarrow.Table
        Every row of `backups` ever read.
    exports : pyarrow.Table
        The exports those came from, and those that showed no backup.
    as_of : pandas.Timestamp
        Sightings later than this are not used.

    Returns
    -------
    pyarrow.Table
        `removed_at` is null while a backup is still listed, or where nothing can tell. `survivors_only` is true where
        a backup is known from listings alone, so that failed and deleted ones like it were never seen. One that was
        seen before it was said to be deleted keeps the status it was seen with: until then it could be used.
    """
    placed = current.append_column("place", pa.array(range(len(current)), pa.int64()))
    answer = ask(_STATEMENT, current=placed, rows=rows, exports=exports, cut=moment("as_of", as_of))
    return answer.cast(pa.schema([*current.schema, *SIGHTING_COLUMNS]))


def _same(left: str, right: str, names: tuple[str, ...] = _KEY) -> str:
    return " AND ".join(f'{left}."{n}" IS NOT DISTINCT FROM {right}."{n}"' for n in names)


_STATEMENT = f"""
WITH known AS (
    SELECT *, export_kind = 'listing' OR (complete AND export_kind <> 'events') AS listing,
        'scope ' || scope AS stated FROM exports
),
shown AS (
    SELECT {columns(_KEY, source="rows")}, known.format, rows.observed_at, known.export_kind, rows.status,
        rows.status = 'deleted' AS deleted, rows.status = 'deleted' AND known.export_kind = 'events' AS logged,
        coalesce(known.listing, false) AS listing,
        coalesce(known.complete, false) AS complete, coalesce(known.stated, 'asset ' || rows.asset) AS speaks_for,
        coalesce(rows.observed_at <= cut.as_of, false) AS past
    FROM rows JOIN known ON rows.export_id = known.export_id CROSS JOIN cut
),
seen AS (
    SELECT {columns(_KEY)}, bool_and(export_kind = 'listing') AS survivors_only,
        bool_or(listing AND past) AS in_listing,
        min(observed_at) FILTER (past AND deleted IS NOT TRUE AND listing) AS first_listed,
        max(observed_at) FILTER (past AND deleted IS NOT TRUE AND listing) AS last_listed,
        min(observed_at) FILTER (past AND deleted IS NOT TRUE) AS first_any,
        max(observed_at) FILTER (past AND deleted IS NOT TRUE) AS last_any,
        max(observed_at) FILTER (past AND logged) AS last_logged,
        arg_max_null(status, observed_at) FILTER (past AND deleted IS NOT TRUE) AS status
    FROM shown GROUP BY {columns(_KEY)}
),
sighted AS (
    SELECT {columns(_KEY)}, survivors_only, coalesce(first_listed, first_any) AS first_seen_at,
        greatest(coalesce(last_listed, last_any), last_logged) AS last_seen_at, status FROM seen
),
proofs AS (
    SELECT product, format, stated AS speaks_for, observed_at FROM known CROSS JOIN cut
    WHERE listing AND complete AND stated IS NOT NULL AND observed_at <= cut.as_of
    UNION SELECT product, format, speaks_for, observed_at FROM shown
    WHERE listing AND complete AND starts_with(speaks_for, 'asset ') AND past
),
places AS (
    SELECT DISTINCT {columns(_KEY, source="shown")}, format, speaks_for, last_seen_at
    FROM shown JOIN sighted ON {_same("shown", "sighted")} WHERE listing AND past
),
gone AS (
    SELECT {columns(_KEY, source="places")}, min(proofs.observed_at) AS gone_at
    FROM places ASOF JOIN proofs ON places.product = proofs.product AND places.format = proofs.format
        AND places.speaks_for = proofs.speaks_for AND places.last_seen_at < proofs.observed_at
    GROUP BY {columns(_KEY, source="places")}
),
said AS (
    SELECT {columns(_KEY, source="shown")}, min(observed_at) AS said_at
    FROM shown JOIN sighted ON {_same("shown", "sighted")}
    WHERE past AND deleted AND (observed_at > coalesce(last_seen_at, TIMESTAMPTZ '-infinity')
        OR logged AND observed_at = last_seen_at)
    GROUP BY {columns(_KEY, source="shown")}
)
SELECT current.* EXCLUDE (place) REPLACE (
        CASE WHEN current.status = 'deleted' AND first_seen_at NOT NULL THEN sighted.status ELSE current.status END
        AS status
    ), first_seen_at, last_seen_at, least(gone_at, said_at) AS removed_at, survivors_only
FROM current LEFT JOIN sighted ON {_same("current", "sighted")}
LEFT JOIN gone ON {_same("current", "gone")} LEFT JOIN said ON {_same("current", "said")}
ORDER BY current.place
"""
