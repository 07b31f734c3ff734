"""The requests that a store makes of an object store, with failures told as a person reads them. Needs the extra
`cloud`."""

import errno
import os
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from brittlestar.core.errors import StoreError
from brittlestar.core.optional import require

PATIENCE = timedelta(seconds=60)  # how long a request is tried again, with waits that grow
AT_ONCE = 32  # requests of one process that are on their way together: objects are small, so waiting is what they cost
CREDENTIALS = "credentials are read from the environment, as other tools of this store read them"
_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AWS_ENDPOINT_URL_S3")


class ObjectStoreError(StoreError, OSError):
    """An object store refuses, or cannot be reached: what, where, what to try."""


@dataclass(frozen=True)
class Entry:
    """An object: its key below the address, its entity tag, its size in bytes, and when it was written by the clock of
    the object store."""

    key: str
    tag: str
    size: int
    modified: datetime


@dataclass(frozen=True)
class Objects:
    """Everything below an address, by key. Methods raise ObjectStoreError."""

    address: str

    def get(self, key: str) -> bytes:
        """The bytes of an object. Raises FileNotFoundError where there is none."""
        with self._telling():
            return bytes(self._client.get(key).bytes())

    def put(self, key: str, content: bytes | Path) -> str | None:
        """Write an object whole, in place of one that is there. Returns its entity tag, None where the store tells
        none."""
        with self._telling():
            return self._client.put(key, content)["e_tag"]

    def create(self, key: str, content: bytes) -> str | None:
        """Write an object where there is none. Returns its entity tag, None where the store tells none. Raises
        FileExistsError: of two who try at once, one is refused."""
        with self._telling():
            return self._client.put(key, content, mode="create")["e_tag"]

    def find(self, key: str) -> Entry | None:
        """An object without its bytes, None where there is none."""
        with self._telling():
            try:
                return _entry(self._client.head(key))
            except FileNotFoundError as error:
                if _names_no_bucket(error):
                    raise
                return None

    def list(self, prefix: str) -> list[Entry]:
        """All objects below a key (of all of them for an empty one), at any depth, by key."""
        with self._telling():
            found = self._client.list(prefix or None)
            return sorted((_entry(one) for page in found for one in page), key=lambda one: one.key)

    def copy(self, key: str, new: str) -> None:
        """Write an object under another key."""
        with self._telling():
            self._client.copy(key, new)

    def delete(self, keys: Collection[str]) -> None:
        """Take objects away, as far as they are there."""
        with self._telling():
            try:
                if keys:
                    self._client.delete(sorted(keys))
            except FileNotFoundError:  # some stores end at the first that is missing
                for key in sorted(keys):
                    with suppress(FileNotFoundError):
                        self._client.delete(key)

    def get_all(self, keys: Iterable[str]) -> Iterator[bytes]:
        """The bytes of several objects, in their order."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            yield from threads.map(self.get, keys)

    def put_all(self, files: Mapping[str, Path]) -> dict[str, str | None]:
        """Write files as objects by their keys. Returns the entity tag of each, None where the store tells none."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            pending = {key: threads.submit(self.put, key, path) for key, path in files.items()}
            return {key: one.result() for key, one in pending.items()}

    def _lack_bucket(self) -> ObjectStoreError:
        what = f"there is no bucket {self.address.split('/')[2]}"
        return ObjectStoreError(what, self.address, "make it first, or mend the address")

    @property
    def _client(self) -> Any:
        return _connect(self.address, next((os.environ[name] for name in _ENDPOINTS if name in os.environ), None))

    @contextmanager
    def _telling(self) -> Generator[None]:
        own: Any = require("obstore.exceptions", "cloud")

        try:
            yield
        except FileNotFoundError as error:
            if _names_no_bucket(error):
                raise self._lack_bucket() from error
            raise
        except own.AlreadyExistsError as error:
            raise FileExistsError(errno.EEXIST, "it is there already") from error
        except (own.PermissionDeniedError, own.UnauthenticatedError) as error:
            raise ObjectStoreError("access is refused", self.address, CREDENTIALS) from error
        except own.BaseError as error:
            if _names_no_bucket(error):
                raise self._lack_bucket() from error
            if "169.254.169.254" in str(error):  # the machine's own service was asked, for want of anything else
                raise ObjectStoreError("no credentials were found", self.address, CREDENTIALS) from error
            hint = "finished runs are safe: give the same command again when the store can be reached"
            what = f"the store does not answer as it should: {_shorten(error)}"
            raise ObjectStoreError(what, self.address, hint) from error


def _entry(found: Any) -> Entry:
    return Entry(found["path"], found["e_tag"] or str(found["last_modified"]), found["size"], found["last_modified"])


def _names_no_bucket(error: Exception) -> bool:
    """A key that is not there says what is missing; a bucket that is not there answers a listing with 404."""
    said = str(error)
    return "NoSuchBucket" in said or ("list request" in said and "404 Not Found" in said)


def _shorten(error: Exception) -> str:
    """The first line of what a library says, without what it says of its retries and inner records."""
    return str(error).strip().splitlines()[0].split("  - ")[0][:200]


@cache
def _connect(address: str, endpoint: str | None) -> Any:
    """The client of an address, one for the process, at the server (`endpoint`) that the environment names, if any."""
    stores: Any = require("obstore.store", "cloud")
    if address.startswith("memory://"):  # for tests: gone with the process
        return stores.MemoryStore()
    options = {"client_options": {"allow_http": True}} if (endpoint or "").startswith("http://") else {}
    waits = {"init_backoff": timedelta(seconds=0.2), "max_backoff": timedelta(seconds=5), "base": 2}
    retries = {"retry_timeout": PATIENCE, "max_retries": 1000, "backoff": waits}  # it is time that ends them
    return stores.from_url(address, retry_config=retries, **options)
