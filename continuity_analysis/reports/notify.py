"""Mail and webhook: how people are told, with secrets that come from the environment and go nowhere else."""

import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.utils import make_msgid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from continuity_analysis.errors import InputError

if TYPE_CHECKING:
    from continuity_analysis.reports.messages import Message

PREFIX = "CONTINUITY_SMTP_"
WEBHOOK = "CONTINUITY_WEBHOOK_URL"
PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How the connection to the mail server is secured, and the port that goes with it."""
_SECONDS = 30


@dataclass(frozen=True)
class Channels:
    """Whom to tell, and how.

    Attributes
    ----------
    mail_to : tuple of str
        Addresses; empty for no mail.
    host, port, security, sender, user, password
        Of the mail server; `security` is one of `PORTS`.
    webhook : str
        URL that takes Slack's JSON; empty for none.
    """

    mail_to: tuple[str, ...] = ()
    host: str = ""
    port: int = 0
    security: str = "starttls"
    sender: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    webhook: str = field(default="", repr=False)

    @property
    def silent(self) -> bool:
        """Whether nobody is to be told."""
        return not self.mail_to and not self.webhook


def read_channels(environment: Mapping[str, str], *, mail_to: Iterable[str] = (), webhook: bool = False) -> Channels:
    """Whom to tell, with what the environment says of how.

    Parameters
    ----------
    environment : mapping
        CONTINUITY_SMTP_HOST, _FROM, _PORT, _SECURITY (starttls, tls or none), _USER and _PASSWORD; and
        CONTINUITY_WEBHOOK_URL.
    mail_to : iterable of str
        Addresses.
    webhook : bool
        Whether to call the webhook.

    Raises
    ------
    InputError
        If something is missing or not understood; the sentence names the variable, never its value.
    """
    url = environment.get(WEBHOOK, "") if webhook else ""
    if webhook and (urlsplit(url).scheme not in ("https", "http") or not urlsplit(url).netloc):
        raise InputError(f"Expected the webhook's address, https://…, in {WEBHOOK}, got none: set it for the run.")
    addresses = tuple(mail_to)
    for address in addresses:
        if "@" not in address or any(c.isspace() or c in ",;<>" for c in address):
            raise InputError(f"Expected one mail address, got {address!r}: repeat --mail-to for more.")
    return Channels(addresses, webhook=url, **(_server(environment) if addresses else {}))


def _server(environment: Mapping[str, str]) -> dict:
    given = {name: environment.get(PREFIX + name, "") for name in ("HOST", "FROM", "PORT", "USER", "PASSWORD")}
    for name in ("HOST", "FROM"):
        if not given[name]:
            raise InputError(f"Expected {PREFIX}{name} in the environment to send mail, got none: set it for the run.")
    security = environment.get(f"{PREFIX}SECURITY") or "starttls"
    if security not in PORTS:
        raise InputError(f"Expected {', '.join(PORTS)} in {PREFIX}SECURITY, got something else.")
    if given["PORT"] and not given["PORT"].isdecimal():
        raise InputError(f"Expected a number in {PREFIX}PORT, got something else.")
    port = int(given["PORT"] or PORTS[security])
    server = {"host": given["HOST"], "port": port, "security": security, "sender": given["FROM"]}
    return server | {"user": given["USER"], "password": given["PASSWORD"]}


@contextmanager
def secrets_hidden() -> Iterator[None]:
    """Take what `read_channels` reads out of the environment meanwhile, so that no notebook can print it."""
    names = [name for name in os.environ if name.startswith(PREFIX) or name == WEBHOOK]
    kept = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(kept)


def tell(channels: Channels, message: "Message") -> list[str]:
    """Send a message everywhere; a channel that fails keeps nobody else from being told.

    Parameters
    ----------
    channels : Channels
    message : Message

    Returns
    -------
    list of str
        One sentence per channel that failed, without any secret in it.
    """
    ways = {"mail": _send_mail} if channels.mail_to else {}
    ways |= {"webhook": _call_webhook} if channels.webhook else {}
    failures, message = [], _without_secrets(channels, message)
    for name, send in ways.items():
        try:
            send(channels, message)
        except Exception as error:  # whatever it is, the run is written and the others are to be told
            failures.append(f"Expected to tell by {name} how the run went, got {_why(error)}.")
    return failures


def _send_mail(channels: Channels, message: "Message") -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, channels.sender, ", ".join(channels.mail_to)
    mail["Message-ID"] = make_msgid(domain=channels.sender.rpartition("@")[2].strip("> ") or None)
    mail.set_content(message.text + "\n")
    safe = ssl.create_default_context()
    kind = smtplib.SMTP_SSL if channels.security == "tls" else smtplib.SMTP
    more = {"context": safe} if channels.security == "tls" else {}
    with kind(channels.host, channels.port, timeout=_SECONDS, **more) as server:
        if channels.security == "starttls":
            server.starttls(context=safe)
        if channels.user:
            server.login(channels.user, channels.password)
        server.send_message(mail)


def _call_webhook(channels: Channels, message: "Message") -> None:
    """Slack's JSON: `&`, `<` and `>` are written as entities, so that nothing becomes a link or a mention."""
    text = f"*{message.subject}*\n{message.text}"
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    body = json.dumps({"text": text}).encode()
    asked = urllib.request.Request(channels.webhook, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:
        answer.read()


def _without_secrets(channels: Channels, message: "Message") -> "Message":
    """The message with every secret in it struck out, should an error's text have held one."""
    texts = [message.subject, message.text]
    for secret in (channels.webhook, channels.password):
        texts = [text.replace(secret, "…") if secret else text for text in texts]
    return replace(message, subject=texts[0], text=texts[1])


def _why(error: Exception) -> str:
    """The kind of an error and its number: its text may hold an address, a name or what a server repeated."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the answer HTTP {error.code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the answer {error.smtp_code} ({type(error).__name__})"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    known = isinstance(cause, OSError) and not isinstance(cause, smtplib.SMTPException) and cause.strerror
    return f"{type(cause).__name__} ({cause.strerror})" if known else type(cause).__name__
