"""ServiceNow displayed incidents: Table API with display values (times in the zone and form of whoever exported).

Get it with: ``curl -u USER 'https://INSTANCE.service-now.com/api/now/table/incident?sysparm_display_value=true&sysparm_limit=1000'``.
Better export `sysparm_display_value=all` (`servicenow_incidents`), which needs no zone. Here it must be stated.

- The same record reads `2016-12-12 15:19:57` raw and `12/12/2016 07:19:57` displayed: eight hours apart. A form such
  as `2026-01-31 12:00:00` may be the exporter's own too; states and priorities in words tell that it is displayed.
- With `all`, some instances put the displayed form in `value` as well: such files belong here.
- Day-first or month-first is decided from all dates of the file, or by `dayfirst` in `sources`.
- All else is as in `servicenow_incidents`.

Checked against: two lines of a published parser's test, one of them an incident; no real export was available.
"""

from continuity_analysis.ingest.formats import _servicenow

CONTAINER = "json"
KEY = ("result", "records")
FIELDS = _servicenow.fields("display_value")
NAIVE = _servicenow.TIMES
EXPORT = "window"
IGNORES = _servicenow.IGNORES


def recognises(head) -> bool:
    """Whether it holds incidents with times as displayed."""
    return _servicenow.raw_times(head) is False


TABLES = {"incidents": _servicenow.incidents("trim({})")}
