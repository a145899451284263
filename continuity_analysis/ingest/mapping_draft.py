"""A first entry of `sources` for a file that no format recognises, from the usual names of its columns.

It is a draft for a person to check, never used to read anything: what a column means only its owner knows.
"""

import json
import re

from continuity_analysis.ingest.heads import Head
from continuity_analysis.words import few

NOTHING = "no format recognises it"
ALIASES = {
    "incident_id": "id incidentid number ticketid ticketnumber ticket issuekey key caseid case reference ref nummer "
    "numero número clave clé vorgang",
    "component": "affectedservice servicename service component configurationitem ci system application app host asset "
    "dienst komponente gerät servicio componente sistema composant système servizio",
    "started_at": "startedat starttime startdate start openedat opened beganat begin createdat createdon created "
    "creationtime downat timestamp beginn eröffnet geöffnet erstellt inicio apertura creada début ouvert créé inizio",
    "restored_at": "restoredat resolvedat resolvedon resolutiontime resolved endedat endtime enddate end finishedat "
    "finish upat closedat closed ende gelöst behoben geschlossen fin resuelta cierre résolu fermé fine",
    "acknowledged_at": "acknowledgedat acknowledged ackat ack firstresponse bestätigt",
    "severity": "severity sev priority urgency impact schweregrad priorität gravedad prioridad gravité priorité",
    "status": "status state zustand estado statut stato",
    "planned": "planned ismaintenance maintenance geplant",
    "title": "title summary shortdescription subject titel kurztext título titre titolo",
}
_TELLING = ("incident_id", "component", "restored_at", "acknowledged_at", "severity", "status")
_SHOWN = 30


def unrecognised(head: Head) -> str:
    """The sentence for a file that no format claims; with a draft where it is Parquet or looks like incidents."""
    names, array = _names(head)
    found = _guess(names)
    alike = "started_at" in found and "restored_at" in found and sum(name in found for name in _TELLING) >= 2
    if not (head.container == "parquet" or (head.container in ("csv", "json") and alike)):
        return NOTHING
    what = {"parquet": "a Parquet file", "csv": "a CSV file", "json": "a JSON file"}[head.container]
    told = f"{NOTHING}: it is {what} with the columns {few(names, _SHOWN) or 'none'}"
    return f"{told}; if it holds incidents, map them in services.yaml, such as sources: [{_entry(head, found, array)}]"


def _entry(head: Head, found: dict[str, str], array: str | None) -> str:
    needed = dict.fromkeys(("incident_id", "component", "started_at", "restored_at"), "?")
    columns = ", ".join(f"{name}: {_text(header)}" for name, header in (needed | found).items())
    records = f"records: {array}, " if array else ""
    return f"{{path: {json.dumps(head.name, ensure_ascii=False)}, table: incidents, {records}columns: {{{columns}}}}}"


def _text(name: str) -> str:
    """A name as a YAML scalar within braces."""
    return name if re.fullmatch(r"[^\W\d][\w. -]*\w|\w", name) else json.dumps(name, ensure_ascii=False)


def _names(head: Head) -> tuple[list[str], str | None]:
    """Columns, headers or paths of a file, and the array in which its records lie."""
    if head.container != "json":
        return head.header, None
    for key, value in head.first.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return list(_paths(value[0], "")), key
    return list(_paths(head.first, "")), None


def _paths(record: dict, before: str):
    for key, value in record.items():
        name = f'{before}"{key}"' if "." in key else before + key
        if isinstance(value, dict) and name.count(".") < 2:
            yield from _paths(value, f"{name}.")
        else:
            yield name


def _guess(names: list[str]) -> dict[str, str]:
    """Canonical column to the name that usually means it; each name is used once."""
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_squeezed(name), name)
    found: dict[str, str] = {}
    for column, aliases in ALIASES.items():
        fit = next((plain[a] for a in aliases.split() if a in plain and plain[a] not in found.values()), None)
        if fit is not None:
            found[column] = fit
    return found


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
