"""The `continuity` command: parses arguments, calls one function, prints.

Exit codes: 0 done, 1 an objective is breached (`check`), 2 wrong use or unusable input, 3 a report failed (the others
are still written), 4 everything is written, but somebody could not be told, 130 interrupted, 143 terminated (a report
that got SIGTERM ends its kernels, frees the folder and tells whom it was to tell).
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from continuity_analysis.errors import ContinuityError, NotificationError, ReportError, Terminated

app = typer.Typer(
    help="How resilient are we, really, and can you prove it? Reports from the logs you already have.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

FAILED_NAMED = 6
"""Reports that the sentence on failed ones names; the index has all."""
Paths = Annotated[list[Path], typer.Argument(help="Files or folders of logs.")]
Store = Annotated[str | None, typer.Option(help="Folder or URL of the store.")]
LogsPath = Annotated[Path | None, typer.Option("--logs", help="Folder of logs to read without a store.")]
CatalogFile = Annotated[Path | None, typer.Option("--catalog", help="services.yaml; else the one beside the logs.")]
Zone = Annotated[
    str | None,
    typer.Option("--timezone", help="Zone of the period and of times that state none, such as Europe/Rome."),
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="The moment the exports speak of, such as 2026-10-01.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        from continuity_analysis import __version__

        print(f"continuity {__version__}")
        raise typer.Exit


@app.callback()
def _every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def formats(
    words: Annotated[
        list[str] | None, typer.Argument(help="Only those whose name has one of these words, such as pagerduty.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List every format: the tables it fills, what its export shows, how to get one, what it was checked against."""
    from shutil import get_terminal_size

    from continuity_analysis.ingest.manual import describe, show_manual
    from continuity_analysis.ingest.registry import formats as every_format

    known = [f for f in every_format().values() if not words or any(w.lower() in f.name for w in words)]
    if as_json:
        _print_json([describe(f) for f in known])
    else:
        print("\n\n".join(show_manual(f, get_terminal_size((100, 24)).columns) for f in known))
    if not known:
        raise _no_format(words)


@app.command()
def services(store: Store = None, logs: LogsPath = None, catalog: CatalogFile = None, timezone: Zone = None) -> None:
    """Draft a services.yaml from the components and assets seen, and list what no service claims."""
    from continuity_analysis.catalog.draft import draft_catalog

    opened = _open(store, logs, catalog=catalog, timezone=timezone)
    mappable = opened.skipped["reason"].str.contains("sources: [", regex=False)
    for file, reason in opened.skipped[mappable].itertuples(index=False):
        print(f"# {file}: {reason}")
    claimed = bool(opened.catalog.services)
    if claimed and opened.unclaimed.empty:
        print("# Every component and asset seen is claimed by a service.")
        return
    seen = opened.unclaimed if claimed else opened.seen
    parts = [seen[seen["kind"] == kind].rename(columns={"name": kind}) for kind in ("component", "asset")]
    origin = f"{opened.origin}, what no service of the catalogue claims" if claimed else opened.origin
    print(draft_catalog(*parts, origin=origin), end="")


@app.command()
def ingest(
    paths: Paths,
    store: Store = "data/store",
    catalog: CatalogFile = None,
    timezone: Zone = None,
    format: Annotated[str | None, typer.Option(help="Read every file as this format.")] = None,
    as_of: AsOf = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check, write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read logs into the store; a file that is there already is skipped."""
    from continuity_analysis.ingest.shown_account import show_account
    from continuity_analysis.store import ingest as ingest_files

    how = {"catalog": catalog, "timezone": timezone, "format": format, "as_of": as_of, "dry_run": dry_run}
    files = ingest_files(paths, store, **how)
    if as_json:
        _print_json({"files": files, "store": str(store), "dry_run": dry_run})
    else:
        print(show_account(files, None if sys.stdout.isatty() else 200), end="")


@app.command()
def report(
    names: Annotated[list[str] | None, typer.Argument(help="Reports to run; all of them if none is named.")] = None,
    period: Annotated[
        str, typer.Option(help="Such as 2026Q3, 2026-07, last-quarter, 90d or start/end.")
    ] = "last-quarter",
    store: Store = None,
    logs: LogsPath = None,
    catalog: CatalogFile = None,
    as_of: AsOf = None,
    timezone: Zone = None,
    out: Annotated[str, typer.Option(help="Folder or URL to write to.")] = "reports",
    formats: Annotated[
        str | None, typer.Option(help="What to write: html, pdf, pptx; else all, of --each html.")
    ] = None,
    each: Annotated[
        str | None, typer.Option(help="Run a report once per service: service_review --each service.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(help="Notebooks to run at once; else one per core.")] = None,
    parameter: Annotated[list[str] | None, typer.Option("-p", help="A notebook's parameter, as name=value.")] = None,
    template: Annotated[Path | None, typer.Option(help="PowerPoint file whose look the deck takes.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Run only what failed, is missing or would come out otherwise.")
    ] = False,
    keep: Annotated[int | None, typer.Option(help="A folder per run below --out, the newest so many kept.")] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for another run into --out to end.")] = 0,
    mail_to: Annotated[
        list[str] | None, typer.Option("--mail-to", help="Address to tell; CONTINUITY_SMTP_* name the mail server.")
    ] = None,
    webhook: Annotated[bool, typer.Option("--webhook", help="Tell the URL in CONTINUITY_WEBHOOK_URL.")] = False,
    link: Annotated[str | None, typer.Option(help="URL at which people find --out, for links in messages.")] = None,
    log: Annotated[str | None, typer.Option(help="Lines on stderr of what happens: text or json.")] = None,
    help_notebook: Annotated[
        str | None, typer.Option("--help-notebook", help="Show the parameters of this report, and run nothing.")
    ] = None,
) -> None:
    """Run the reports and write pages, PDFs, deck and summary.json."""
    if help_notebook is not None:
        from continuity_analysis.reports.finding import find_notebooks
        from continuity_analysis.reports.parameters import help_text

        print(help_text(*find_notebooks((help_notebook,)).values()))
        return
    from continuity_analysis.reports.log import lines_on_stderr
    from continuity_analysis.reports.options import RunOptions
    from continuity_analysis.reports.telling import Telling, run_and_tell

    options = RunOptions(
        period=period, store=store, logs=logs, catalog=catalog, as_of=as_of, timezone=timezone, out=out,
        jobs=jobs, parameters=_parameters(parameter or []), template=template, resume=resume, keep=keep, wait=wait,
        each=each, **_formats(formats),
    )  # fmt: skip
    with lines_on_stderr(log):
        try:
            told = run_and_tell(names or (), options, Telling(tuple(mail_to or ()), webhook, link))
            print("\n".join([f"Open {told.place}/index.html", *told.result.remarks]))
            _check_result(told)
        except (Exception, Terminated) as error:
            if log is None:
                raise
            _log_end(error)


def _check_result(told) -> None:
    names = told.result.failed
    few = [*names[:FAILED_NAMED], f"{len(names) - FAILED_NAMED} more"] if len(names) > FAILED_NAMED + 1 else names
    failed = f"{', '.join(few)} failed; the page of each says which cell and why."
    if told.result.failed:
        raise ReportError(" ".join([failed, *told.failures]))
    if told.failures:
        raise NotificationError(" ".join([*told.failures, "The run is complete all the same."]))


def _log_end(error: BaseException) -> None:
    """Log an error in place of the sentence or traceback that a person would read."""
    from continuity_analysis.reports.log import LOG

    said, code = _sentence_of(error) or (f"{type(error).__name__}: {error}", 2)
    LOG.critical("run ended", extra={"error": said, "exit_code": code})
    sys.exit(code)


@app.command()
def check(
    period: Annotated[str, typer.Option(help="As of report.")] = "last-quarter",
    store: Store = None,
    logs: LogsPath = None,
    catalog: CatalogFile = None,
    as_of: AsOf = None,
    timezone: Zone = None,
    fail_on: Annotated[
        str, typer.Option("--fail-on", help="Verdicts that make it fail: breached, at_risk, insufficient.")
    ] = "breached",
    openmetrics: Annotated[Path | None, typer.Option(help="File to write for node_exporter, such as c.prom.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say which objectives are breached, and what to do next; exit 1 if any is."""
    from continuity_analysis.reports import check as checks
    from continuity_analysis.reports.source import open_source

    wanted = checks.read_fail_on(fail_on)
    where = {"store": store, "logs": logs, "catalog": catalog, "as_of": as_of, "timezone": timezone}
    with open_source(period=period, **where) as source:
        from continuity_analysis.questions import scorecard

        card = scorecard(source.logs, source.period)
        found = checks.check(card, fail_on=wanted)
        if openmetrics is not None:
            checks.write_openmetrics(openmetrics, card, source)
    if as_json:
        _print_json(checks.to_json(found))
    else:
        print("\n".join(checks.lines(found)))
    if found.failed:
        sys.exit(1)


@app.command()
def sample(
    directory: Annotated[Path, typer.Argument(help="Folder to write to.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same files.")] = 0,
    months: Annotated[int, typer.Option(min=1, max=120, help="Length of the history.")] = 18,
    services: Annotated[int, typer.Option(min=1, max=200, help="Number of services.")] = 10,
) -> None:
    """Write synthetic logs in the vendors' own formats, with the truth in truth.json."""
    from continuity_analysis.errors import InputError
    from continuity_analysis.sample_data import write_sample

    if directory.is_dir() and any(directory.iterdir()) and not (directory / "truth.json").is_file():
        raise InputError(
            f"Expected an empty folder or an earlier sample at {directory}, got other files: name another."
        )
    truth = write_sample(directory, seed=seed, months=months, services=services)
    print(f"Wrote the logs of {services} services over {months} months, as of {truth['as_of']}, to {directory}")


def main() -> None:
    """Run the command; an error of the user's is one sentence on stderr."""
    sys.modules.setdefault("rfc3987_syntax", None)  # a grammar that jsonschema would take 1.2 s to load
    try:
        app()
    except (Exception, Terminated) as error:
        known = _sentence_of(error)
        if known is None:
            raise
        _fail(*known)


def _sentence_of(error: BaseException) -> tuple[str, int] | None:
    """What to say of an error and the exit code; None where it is one of the program's own."""
    if isinstance(error, ContinuityError | Terminated):
        codes = {ReportError: 3, NotificationError: 4, Terminated: 143}
        return " ".join([str(error), *getattr(error, "__notes__", ())]), codes.get(type(error), 2)
    if isinstance(error, OSError) and error.strerror is not None:
        place = error.filename or "no file named"
        return f"Expected to read and write freely, got: {error.strerror} ({place}).", 2
    if isinstance(error, RuntimeError) and "interrupted" in str(error).lower():  # DuckDB's words for Ctrl-C
        return "interrupted", 130
    return None


def _fail(error: str, code: int) -> None:
    print(f"continuity: {error}", file=sys.stderr)
    sys.exit(code)


def _open(store: str | None, logs: Path | None, **how):
    from continuity_analysis.errors import InputError
    from continuity_analysis.logs import open_store, read_logs

    if (store is None) == (logs is None):
        raise InputError("Expected either --store or --logs, got both or none: say where the logs are.")
    return open_store(store, **how) if store is not None else read_logs(logs, **how)


def _no_format(words: list[str]):
    from continuity_analysis.errors import InputError

    return InputError(
        f"Expected words from the names of formats, got {', '.join(words)}: continuity formats lists all of them; any "
        "other CSV, JSON or Parquet can be mapped (continuity formats mapped)."
    )


def _formats(given: str | None) -> dict[str, tuple[str, ...]]:
    """What is to be written of reports, and of those run once per service, if it was said."""
    if given is None:
        return {}
    named = tuple(f.strip() for f in given.split(",") if f.strip())
    return {"formats": named, "each_formats": named}


def _parameters(given: list[str]) -> dict[str, str]:
    from continuity_analysis.errors import InputError

    if wrong := [g for g in given if "=" not in g]:
        raise InputError(f"Expected -p name=value, got -p {wrong[0]}.")
    return dict(g.split("=", 1) for g in given)


def _print_json(content) -> None:
    print(json.dumps(content, indent=2, default=str, ensure_ascii=False))
