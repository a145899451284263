"""A mail server and a web server that keep what they are sent."""

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


@contextmanager
def mail_server(**how):
    """A real SMTP server; yields its port and the envelopes it took. `how` is for aiosmtpd."""
    from aiosmtpd.controller import Controller

    class Box:
        def __init__(self):
            self.envelopes = []

        async def handle_DATA(self, server, session, envelope):
            self.envelopes.append(envelope)
            return "250 taken"

    with socket.create_server(("127.0.0.1", 0)) as probe:  # aiosmtpd wants to know its port beforehand
        port = probe.getsockname()[1]
    controller = Controller(Box(), hostname="127.0.0.1", port=port, **how)
    controller.start()
    try:
        yield port, controller.handler.envelopes
    finally:
        controller.stop()


@contextmanager
def web_server(status=200):
    """An HTTP server; yields its address and the (path, headers, JSON) it was sent."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.path, dict(self.headers), json.loads(body)))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *what):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", taken
        finally:
            server.shutdown()
            thread.join()
