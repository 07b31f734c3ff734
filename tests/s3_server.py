"""A server that speaks as S3 does: moto, in a process of its own, on a port that the system chose."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0
_REQUEST = re.compile(r'"(?:\x1b\[[0-9;]*m)*([A-Z]+) (\S+) HTTP/')  # what fails is written in colour


@dataclass(frozen=True)
class Server:
    """Where it listens, its process, and what processes need in their environment to use it. `log` is the file that
    has a line for each request, None where none is kept."""

    url: str
    pid: int
    log: Path | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "name",
            "AWS_SECRET_ACCESS_KEY": "secret-of-nobody",
            "AWS_REGION": "us-east-1",
        }

    def make_bucket(self, name: str) -> str:
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/{name}", method="PUT"), timeout=10).close()
        return f"s3://{name}"

    def count_requests(self) -> Counter[str]:
        """How many requests it has answered, by kind: a listing is LIST, one for each page of it; several objects
        taken away at once are one POST."""
        assert self.log is not None, "it was started without a log"
        found = _REQUEST.findall(self.log.read_text(encoding="utf-8", errors="replace"))
        return Counter("LIST" if method == "GET" and "list-type=2" in path else method for method, path in found)

    def read_cpu(self) -> float:
        """Processor seconds that it has spent; Linux tells."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def find_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def start_server(log: Path | None = None) -> Iterator[Server]:
    """A server for as long as the block lasts; `log` is the file that it writes a line to for each request."""
    port = find_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (
        nullcontext(subprocess.DEVNULL) if log is None else log.open("w") as said,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said) as process,
    ):
        server, until = Server(f"http://127.0.0.1:{port}", process.pid, log), time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(server.url, timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                assert time.monotonic() < until and process.poll() is None, "the server did not start"
                time.sleep(0.1)
        try:
            yield server
        finally:
            process.kill()
