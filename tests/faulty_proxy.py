"""A proxy before an HTTP server that can be told to misbehave: to answer 503, to refuse writes, to hang, to be gone."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PASSED = ("connection", "keep-alive", "transfer-encoding", "content-length")


@dataclass
class Proxy:
    """Its own address, and how it behaves: `well`, `503`, `hang`, `gone` (the connection is closed), `refuse-writes`
    (403) or `full` (507). `unwell` counts the requests that were not passed on."""

    url: str
    behaves: str = "well"
    unwell: int = 0
    until: float = field(default=0.0)

    def misbehave(self, how: str, seconds: float) -> None:
        """Behave like this for a while."""
        self.behaves, self.until = how, time.monotonic() + seconds

    def choose(self, method: str) -> str:
        if self.until and time.monotonic() > self.until:
            self.behaves, self.until = "well", 0.0
        writes = method in ("PUT", "POST", "DELETE")
        return self.behaves if writes or self.behaves not in ("refuse-writes", "full") else "well"


@contextmanager
def start_proxy(target: str) -> Iterator[Proxy]:
    place = urlsplit(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            how = proxy.choose(self.command)
            if how != "well":
                proxy.unwell += 1
                return self.misbehave(how)
            upstream = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
            upstream.request(self.command, self.path, body, dict(self.headers.items()))
            answer = upstream.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in PASSED:
                    self.send_header(name, value)
            length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
            self.send_header("Content-Length", length or "0")
            self.end_headers()
            self.wfile.write(content)
            upstream.close()

        def misbehave(self, how: str) -> None:
            if how == "hang":
                time.sleep(45)
            if how in ("hang", "gone"):
                self.close_connection = True
                self.connection.close()
                return
            self.send_response({"503": 503, "refuse-writes": 403, "full": 507}[how])
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]  # who hangs up is no fault
    proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
