"""A server that speaks as S3 does: moto, in a process of its own, on a port that the system chose."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

PATIENCE = 60.0


@dataclass(frozen=True)
class Server:
    """Where it listens, and what processes need in their environment to use it."""

    url: str

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


def find_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def start_server() -> Iterator[Server]:
    port = find_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        server, until = Server(f"http://127.0.0.1:{port}"), time.monotonic() + PATIENCE
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
