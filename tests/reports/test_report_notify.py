"""Mail and webhook: what arrives, that no failure of theirs loses a run, and that no secret goes anywhere."""

import email
import json
import logging
import ssl
import subprocess
from email.policy import default

import pytest
from receivers import mail_server, web_server
from small_notebooks import FACTS, LOGS, PARAMETERS, code, save, scorecard, text

from continuity_analysis import cli, questions
from continuity_analysis.errors import InputError
from continuity_analysis.reports.messages import LINES_AT_MOST, Message, of_error, of_run
from continuity_analysis.reports.notebooks import Failure
from continuity_analysis.reports.notify import Channels, read_channels, tell
from continuity_analysis.reports.results import ReportResult, RunResult
from continuity_analysis.reports.summary import summarise

PASSWORD = "correct-horse-battery"
TOKEN = "T0KEN-of-the-hook"
MAIL = {"CONTINUITY_SMTP_HOST": "127.0.0.1", "CONTINUITY_SMTP_FROM": "continuity@example.com"}
HELLO = Message("Continuity 2026Q3: 1 breached", "Breached: a <b> & c")


def server(port, **more):
    return MAIL | {"CONTINUITY_SMTP_PORT": str(port), "CONTINUITY_SMTP_SECURITY": "none"} | more


def read(envelope):
    return email.message_from_bytes(envelope.content, policy=default)


def a_run(folder, *, failed=False, services=2):
    failure = Failure(3, 5, "Down time", "ValueError: no", "", "") if failed else None
    one = ReportResult("review", "Quarterly review", "", "notebooks/review.ipynb", "review.html", None, "review.pptx")
    two = ReportResult("plain", "Plain", "", "notebooks/plain.ipynb", html="plain.html", failure=failure)
    summary = summarise(scorecard(services), FACTS)
    return RunResult(folder, (one, two), summary, about=tuple(FACTS.lines()))


def test_a_message_has_the_scorecard_and_links(tmp_path):
    message = of_run(a_run(tmp_path / "2026Q3 x"), root=tmp_path, place="x", link="https://reports.example.com/c/")
    assert message.subject == "Continuity 2026Q3: 2 breached, 2 at risk, 2 not enough evidence"
    lines = message.text.splitlines()
    assert lines[0] == "Breached: service-0, Availability: 99.877 % achieved, 99.9 % promised"
    assert "At risk: service-1, Data at risk (RPO): 6 h promised" in lines  # without limit: no number
    assert "Period: 2026Q3, 2026-07-01 to 2026-09-30 (Europe/Rome)" in lines
    assert "Scorecard: https://reports.example.com/c/2026Q3%20x/index.html" in lines
    assert "Quarterly review, slides: https://reports.example.com/c/2026Q3%20x/review.pptx" in lines
    assert "again" not in message.text


def test_a_failure_is_said_first(tmp_path):
    message = of_run(a_run(tmp_path, failed=True), root=tmp_path, place="/srv/reports")
    assert message.subject.startswith("Continuity 2026Q3: not complete, 2 breached")
    first = message.text.splitlines()[0]
    assert first == "Failed: Plain. It stopped at cell 3 of 5, under “Down time”: ValueError: no"
    assert message.text.endswith("Files: /srv/reports")


def test_a_run_with_nothing_new_says_so(tmp_path):
    run = a_run(tmp_path)
    run = RunResult(run.folder, run.reports, run.summary, unchanged=("review", "plain"), about=run.about)
    assert "Nothing has changed since the run before" in of_run(run, root=tmp_path, place="/srv/reports").text


def test_a_long_scorecard_is_cut_and_says_so(tmp_path):
    text = of_run(a_run(tmp_path, services=30), root=tmp_path, place="/srv/reports").text
    assert f"and {90 - LINES_AT_MOST} more, see the page" in text
    assert text.count("Breached:") == 30


def test_mail_arrives():
    pytest.importorskip("aiosmtpd")
    with mail_server() as (port, envelopes):
        channels = read_channels(server(port), mail_to=["sre@example.com", "boss@example.com"])
        assert tell(channels, HELLO) == []
    assert envelopes[0].rcpt_tos == ["sre@example.com", "boss@example.com"]
    mail = read(envelopes[0])
    assert (mail["Subject"], mail["From"]) == (HELLO.subject, "continuity@example.com")
    assert mail.get_content().strip() == HELLO.text


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_it_signs_in_with_the_password_of_the_environment():
    pytest.importorskip("aiosmtpd")
    from aiosmtpd.smtp import AuthResult

    def right(server, session, envelope, mechanism, given):
        return AuthResult(success=(given.login, given.password) == (b"me", PASSWORD.encode()), handled=False)

    how = {"authenticator": right, "auth_require_tls": False, "auth_required": True}
    signed = {"CONTINUITY_SMTP_USER": "me", "CONTINUITY_SMTP_PASSWORD": PASSWORD}
    with mail_server(**how) as (port, envelopes):
        assert tell(read_channels(server(port, **signed), mail_to=["a@example.com"]), HELLO) == []
        wrong = signed | {"CONTINUITY_SMTP_PASSWORD": "guess"}
        (said,) = tell(read_channels(server(port, **wrong), mail_to=["a@example.com"]), HELLO)
    assert len(envelopes) == 1
    assert said == "Expected to tell by mail how the run went, got the answer 535 (SMTPAuthenticationError)."


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "crt")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files, *names]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not here")
    return folder


def test_a_connection_is_encrypted_and_its_certificate_checked(certificate, monkeypatch):
    pytest.importorskip("aiosmtpd")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "crt", certificate / "key")
    with mail_server(tls_context=context, require_starttls=True) as (port, envelopes):
        settings = server(port) | {"CONTINUITY_SMTP_SECURITY": ""}  # STARTTLS is what happens if nothing is said
        channels = read_channels(settings, mail_to=["a@example.com"])
        (said,) = tell(channels, HELLO)
        assert "SSLCertVerificationError" in said
        assert envelopes == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "crt"))
        assert tell(channels, HELLO) == []
        assert len(envelopes) == 1


def test_the_webhook_takes_slacks_json():
    with web_server() as (url, taken):
        assert tell(read_channels({"CONTINUITY_WEBHOOK_URL": f"{url}/{TOKEN}"}, webhook=True), HELLO) == []
    path, headers, body = taken[0]
    assert path == f"/{TOKEN}"
    assert headers["Content-Type"] == "application/json"
    assert body == {"text": "*Continuity 2026Q3: 1 breached*\nBreached: a &lt;b&gt; &amp; c"}


def test_a_channel_that_fails_is_one_sentence_without_secrets_and_the_other_is_told():
    with web_server() as (url, taken):
        given = MAIL | {"CONTINUITY_SMTP_PORT": "1", "CONTINUITY_SMTP_PASSWORD": PASSWORD}
        given |= {"CONTINUITY_SMTP_USER": "me", "CONTINUITY_WEBHOOK_URL": f"{url}/{TOKEN}"}
        (said,) = tell(read_channels(given, mail_to=["a@example.com"], webhook=True), HELLO)
    assert len(taken) == 1
    assert said == "Expected to tell by mail how the run went, got ConnectionRefusedError (Connection refused)."
    with web_server(status=404) as (url, _):
        (said,) = tell(read_channels({"CONTINUITY_WEBHOOK_URL": f"{url}/{TOKEN}"}, webhook=True), HELLO)
    assert said == "Expected to tell by webhook how the run went, got the answer HTTP 404."


@pytest.mark.parametrize(
    ("environment", "asked", "named"),
    [
        ({}, {"webhook": True}, "CONTINUITY_WEBHOOK_URL"),
        ({"CONTINUITY_WEBHOOK_URL": f"file:///{TOKEN}"}, {"webhook": True}, "CONTINUITY_WEBHOOK_URL"),
        ({}, {"mail_to": ["a@example.com"]}, "CONTINUITY_SMTP_HOST"),
        ({"CONTINUITY_SMTP_HOST": "h"}, {"mail_to": ["a@example.com"]}, "CONTINUITY_SMTP_FROM"),
        (MAIL | {"CONTINUITY_SMTP_PORT": TOKEN}, {"mail_to": ["a@example.com"]}, "CONTINUITY_SMTP_PORT"),
        (MAIL | {"CONTINUITY_SMTP_SECURITY": TOKEN}, {"mail_to": ["a@example.com"]}, "CONTINUITY_SMTP_SECURITY"),
        (MAIL, {"mail_to": ["a@example.com\nBcc: b@example.com"]}, "mail address"),
    ],
)
def test_what_is_missing_is_named_and_never_shown(environment, asked, named):
    with pytest.raises(InputError, match=named) as refused:
        read_channels(environment, **asked)
    assert TOKEN not in str(refused.value)


def test_secrets_are_not_shown_with_the_settings_nor_sent():
    channels = Channels(("a@example.com",), user="me", password=PASSWORD, webhook=f"https://example.com/{TOKEN}")
    assert PASSWORD not in repr(channels)
    assert TOKEN not in repr(channels)
    with web_server() as (url, taken):
        tell(Channels(webhook=f"{url}/{TOKEN}", password=PASSWORD), of_error(ValueError(f"{PASSWORD} {url}/{TOKEN}")))
    assert PASSWORD not in json.dumps(taken[0][2])
    assert TOKEN not in json.dumps(taken[0][2])


@pytest.fixture
def spying(tmp_path, monkeypatch):
    """A command line whose notebook prints its environment; yields how to run it, and where it writes."""
    spy = [text("# Spy"), code(PARAMETERS, tags=["parameters"]), code("import os\nprint(dict(os.environ))")]
    save(tmp_path / "notebooks", spy=spy)
    monkeypatch.setattr(questions, "scorecard", lambda logs, period: scorecard(), raising=False)
    monkeypatch.setenv("CONTINUITY_SMTP_PASSWORD", PASSWORD)
    out = tmp_path / "out"
    words = [str(tmp_path / "notebooks" / "spy.ipynb"), "--logs", str(LOGS), "--period", "2026Q3", "--out", str(out)]

    def run(*more):
        monkeypatch.setattr("sys.argv", ["continuity", "report", *words, "--formats", "html", *more])
        try:
            cli.main()
        except SystemExit as stopped:
            return stopped.code or 0
        return 0

    return run, out


def test_a_run_tells_by_webhook_and_no_secret_is_anywhere(spying, monkeypatch, capfd):
    run, out = spying
    with web_server() as (url, taken):
        monkeypatch.setenv("CONTINUITY_WEBHOOK_URL", f"{url}/{TOKEN}")
        assert run("--webhook", "--log", "json", "--link", "https://r.example.com") == 0
        assert run("--webhook", "--log", "json", "--resume") == 0
    assert [body["text"].count("no report was run again") for _, _, body in taken] == [0, 1]
    assert "https://r.example.com/spy.html" in taken[0][2]["text"]
    written = capfd.readouterr()
    lines = [json.loads(line) for line in written.err.splitlines()]
    assert [line["what"] for line in lines] == ["run started", "report made", "nothing has changed"]
    everything = [p.read_text() for p in out.rglob("*") if p.is_file()]
    everything += [written.out, written.err, *(body["text"] for *_, body in taken)]
    assert any("PYTHONPATH" in content for content in everything)  # the spy did print what it saw
    assert not [content for content in everything if PASSWORD in content or TOKEN in content]


def test_a_run_nobody_could_be_told_of_is_complete_and_exits_with_4(spying, monkeypatch, capfd):
    run, out = spying
    with web_server(status=500) as (url, _):
        monkeypatch.setenv("CONTINUITY_WEBHOOK_URL", f"{url}/{TOKEN}")
        assert run("--webhook") == 4
    assert (out / "summary.json").exists()
    said = "continuity: Expected to tell by webhook how the run went, got the answer HTTP 500. The run is complete"
    assert capfd.readouterr().err.startswith(said)


def test_a_run_that_never_began_is_told_of_too(spying, monkeypatch, capfd):
    run, out = spying
    with web_server() as (url, taken):
        monkeypatch.setenv("CONTINUITY_WEBHOOK_URL", f"{url}/{TOKEN}")
        assert run("--webhook", "--log", "json", "--period", "next-year") == 2
    assert "Continuity: the run failed" in taken[0][2]["text"]
    (line,) = map(json.loads, capfd.readouterr().err.splitlines())
    assert (line["level"], line["what"], line["exit_code"]) == ("critical", "run ended", 2)
    assert not out.exists()


def test_log_lines_as_text(spying, capfd):
    run, _ = spying
    assert run("--log", "text") == 0
    first = capfd.readouterr().err.splitlines()[0].split(" ", 1)
    assert first[1] == "INFO run started period=2026Q3 reports=1"
    assert logging.getLogger("continuity_analysis.reports").level == logging.NOTSET
    assert run("--log", "xml") == 2
    assert "text or json" in capfd.readouterr().err
