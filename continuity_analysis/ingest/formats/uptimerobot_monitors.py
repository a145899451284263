"""UptimeRobot monitors with their logs: what the API's `getMonitors` answers.

Get it with: ``curl -d 'api_key=KEY&format=json&logs=1' https://api.uptimerobot.com/v2/getMonitors``, all pages
(`offset`).

- `logs=1` must be asked for: without logs a monitor has a state but no moment.
- The type of a log (1 down, 2 up, 98 started, 99 paused) is another enumeration than the status of a monitor, in which
  2 is up and 1 is "not checked yet": the status is not read. Started and paused are unknown: nothing was probed.
- `datetime` is in seconds, and so is `duration`, which gives the end; that of the newest log has just been reached and
  is no end: it still lasts. Logs come in either order.
- The component is the friendly name, which need not be unique: monitors that share one carry their id after it.

Checked against: a published example of the API's answer with logs of types 98, 1 and 2; the enumerations in three
independent clients. The vendor's field list says that `datetime` follows the time zone set for the account, which no
example shows: set the account to UTC.
"""

CONTAINER = "json"
KEY = "monitors"
FIELDS = {"id": "id", "name": ("friendly_name", "url"), "logs": "logs"}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of monitors, or one of them."""
    first = head.first
    page = "stat" in first and isinstance(first.get("monitors"), list)
    return page or {"friendly_name", "interval", "create_datetime", "logs"} <= first.keys()


SHAPE = """TRY(json_transform(logs, '[{"type": "VARCHAR", "datetime": "VARCHAR", "duration": "VARCHAR"}]'))"""
IGNORES = {"it has no logs: ask for them with logs=1": "id IS NOT NULL AND (logs IS NULL OR logs = '[]')"}
REJECTS = {"logs: expected a list of logs, got something else": f"{SHAPE} IS NULL"}
TABLES = {
    "states": f"""
        WITH told AS (
            SELECT record_no, component, entry.type AS said, entry.datetime AS begun, entry.duration AS lasted
            FROM (SELECT record_no, unnest({SHAPE}) AS entry,
                    CASE WHEN count(DISTINCT id) OVER (PARTITION BY name) > 1 THEN name || ' ' || id ELSE name END
                        AS component
                FROM records)
        )
        SELECT record_no, 'probe' AS observer, component, epoch_s(begun) AS from_at,
            CASE said WHEN '1' THEN 'down' WHEN '2' THEN 'up' WHEN '98' THEN 'unknown' WHEN '99' THEN 'unknown'
                ELSE coalesce(said, 'none') END AS state,
            CASE WHEN try_cast(begun AS BIGINT) < max(try_cast(begun AS BIGINT)) OVER (PARTITION BY record_no)
                THEN coalesce(epoch_s(try_cast(begun AS BIGINT) + try_cast(lasted AS BIGINT))::VARCHAR, lasted)
                END AS until_at
        FROM told""",
}
