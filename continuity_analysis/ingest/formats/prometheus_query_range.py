"""Prometheus query_range of `up` and `probe_success`: what each scrape or probe saw, as states.

Get it with: ``curl 'https://prometheus.example.com/api/v1/query_range?query=up&start=…&end=…&step=30'``, in chunks (the
server caps the samples per series), or ``query?query=up[6h]``. Chunks may overlap, and the bare `result` list will do.

- Times are seconds with a fraction, values are texts: "1" up, "0" down, NaN and infinities unknown.
- A missing sample is no zero: the target was gone, or Prometheus was. The grid is each series' own (the lower quartile
  of its intervals); `step_seconds` is a tenth more, since scrapes come a little late. Beyond that a state is vouched
  for up to its last sample only; from one and a half steps after that until the next sample the state is unknown.
- A state reaches from its first sample to its last: from there to the next state is for `measurements.transitions`, so
  that chunks in any order, overlapping or doubled, say the same. A sample that stands twice counts once, down before
  up.
- `up` 0 is a scrape that failed, not always users who were hit; `up` of a probe's target speaks of the prober.
- The component is job/instance, with the metric before it unless it is `up`, and after it all other labels: no two
  series of one file are the same component.

Checked against: Prometheus's documentation; three real chunks of six hours of nine targets, 2019.
"""

CONTAINER = "json"
KEY = "data.result"
FIELDS = {
    "metric": "metric",
    "name": "metric.__name__",
    "job": "metric.job",
    "instance": "metric.instance",
    "samples": "values",
}
EXPORT = "window"
WATCHED = ("up", "probe_success")


def recognises(head) -> bool:
    """Whether it is a matrix, or its bare list of series, that begins with one of the watched metrics."""
    data = head.first.get("data")
    series = (data.get("result") or [{}])[0] if isinstance(data, dict) else head.first
    if not isinstance(series, dict) or not isinstance(series.get("metric"), dict):
        return False
    return series["metric"].get("__name__") in WATCHED and "values" in series


IGNORES = {"another metric": f"name NOT IN {WATCHED}"}
SHAPE = "TRY(json_transform(samples, '[[\"VARCHAR\"]]'))"
REJECTS = {
    "metric: expected the name of the metric, got none: query up or probe_success itself, not a function of it": (
        "name IS NULL"
    ),
    "values: expected a list of pairs [seconds, value], got something else": f"{SHAPE} IS NULL",
}
TABLES = {
    "states": f"""
        WITH labels AS (
            SELECT record_no, string_agg(label || '="' || json_extract_string(metric, '$."' || label || '"') || '"', ','
                ORDER BY label) AS others
            FROM (SELECT record_no, metric, unnest(json_keys(metric)) AS label FROM records)
            WHERE label NOT IN ('__name__', 'job', 'instance') GROUP BY record_no
        ), named AS (
            SELECT record_no, samples, CASE WHEN name = 'up' THEN '' ELSE name || ' ' END
                || coalesce(nullif(concat_ws('/', job, instance), ''), 'unnamed')
                || coalesce('{{' || others || '}}', '') AS component
            FROM records LEFT JOIN labels USING (record_no)
        ), pairs AS (
            SELECT record_no, component, s[1] AS stamp, try_cast(s[1] AS DECIMAL(18, 6)) AS t,
                CASE WHEN s[2] = '1' THEN 'up' WHEN s[2] = '0' THEN 'down'
                    WHEN regexp_full_match(s[2], 'NaN|[+-]?Inf') THEN 'unknown' ELSE coalesce(s[2], 'none') END AS state
            FROM (SELECT record_no, component, unnest({SHAPE}) AS s FROM named)
        ), sampled AS (
            SELECT record_no, component, t, min(state) AS state FROM pairs GROUP BY ALL
        ), apart AS (
            SELECT *, t - lag(t) OVER one AS gap, lag(state) OVER one AS former, lag(t) OVER one AS seen
            FROM sampled WINDOW one AS (PARTITION BY record_no, component ORDER BY t)
        ), stepped AS (
            SELECT *, round(quantile_disc(gap, 0.25) OVER (PARTITION BY record_no, component), 1)::DOUBLE AS step
            FROM apart
        ), runs AS (
            SELECT *, sum(CASE WHEN former = state AND gap <= 1.1 * step THEN 0 ELSE 1 END) OVER (
                PARTITION BY record_no, component ORDER BY t) AS run FROM stepped
        )
        SELECT record_no, 'probe' AS observer, component, state, epoch_s(min(t)) AS from_at,
            epoch_s(max(t)) AS until_at,
            round(1.1 * any_value(step), 3) AS step_seconds
        FROM runs GROUP BY record_no, component, run, state
        UNION ALL
        SELECT record_no, 'probe', component, 'unknown', epoch_s(round(seen + 1.5 * step, 6)), epoch_s(t), NULL
        FROM runs WHERE gap > 1.5 * step
        UNION ALL
        SELECT record_no, 'probe', component, state, coalesce(stamp, 'none'), NULL, NULL FROM pairs WHERE t IS NULL""",
}
