"""What the Alertmanager exports share: the fields of an alert, and SQL for its id, component and severity.

`ALERT` are the columns of `incidents` that every alert gives. An alert is a fingerprint of labels from one start on:
the start is taken to the millisecond, since the API cuts it there and the webhook does not.
"""

FIELDS = {
    "fingerprint": "fingerprint",
    "labels": "labels",
    "alertname": "labels.alertname",
    "service": "labels.service",
    "job": "labels.job",
    "instance": "labels.instance",
    "severity": "labels.severity",
    "title": ("annotations.summary", "annotations.title", "labels.alertname"),
    "starts_at": "startsAt",
    "url": "generatorURL",
}
IGNORES = {"fires always, by design": "alertname IN ('Watchdog', 'DeadMansSwitch', 'InfoInhibitor')"}
REJECTS = {"labels: expected an object, got something else": "NOT starts_with(labels, '{')"}
COMPONENT = "coalesce(service, nullif(concat_ws('/', job, instance), ''), alertname)"
ALERT = f"""record_no, 'alert' AS kind, 'alert' AS started_basis, false AS planned, title, url, starts_at AS started_at,
    {COMPONENT} AS component, severity AS severity_reported, map {{'critical': 1, 'warning': 3, 'info': 4}}[severity]
        AS severity,
    coalesce(fingerprint, left(md5(array_to_string(list_sort(list_transform(json_keys(labels),
        lambda k: k || '=' || json_extract_string(labels, '$."' || k || '"'))), ',')), 16))
        || '-' || CASE WHEN moment(starts_at) NOT NULL
            THEN coalesce(TRY(epoch_us(moment(starts_at)) // 1000)::VARCHAR, starts_at) END
        AS incident_id"""
