"""Folders beside an output in which files are completed, locked while their writer lives."""

import contextlib
import fcntl
import os
import secrets
import shutil
import weakref
from types import TracebackType

from ._errors import sentence

_LOCK = "lock"
_SUFFIX = ".temporary"


def sync(path: str) -> None:
    """Write a file or the entries of a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class LockedFolder:
    """A folder with a lock that lasts as long as this process keeps it open, however the process ends."""

    def __init__(self, path: str) -> None:
        """Creates or takes over the folder at `path`.

        Raises `BlockingIOError` if another writer has it.
        """
        self.path = path
        while True:
            os.makedirs(path, exist_ok=True)
            try:
                self._lock = os.open(os.path.join(path, _LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            except FileNotFoundError:  # Removed by its former writer since.
                continue
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(self._lock)
                raise BlockingIOError(
                    sentence(
                        path, "another writer at work", "one writer at a time", "wait until it has ended, or end it"
                    )
                ) from None
            if self._is_in_place():
                break
            os.close(self._lock)
        self._close = weakref.finalize(self, os.close, self._lock)
        _locked.add(self)

    def _is_in_place(self) -> bool:
        try:
            found = os.stat(os.path.join(self.path, _LOCK))
        except FileNotFoundError:
            return False
        own = os.fstat(self._lock)
        return (found.st_dev, found.st_ino) == (own.st_dev, own.st_ino)

    def file(self, name: str) -> str:
        """Return the path of a file in the folder."""
        return os.path.join(self.path, name)

    def release(self) -> None:
        """Leave the folder for another writer."""
        self._close()

    def remove(self) -> None:
        """Remove the folder with all its files, the lock last."""
        if not self._close.alive:
            return
        for name in os.listdir(self.path):
            if name != _LOCK:
                path = self.file(name)
                if os.path.isdir(path) and not os.path.islink(path):
                    # A tool of a killed writer may still write to it.
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    os.unlink(path)
        os.unlink(self.file(_LOCK))
        self.release()
        with contextlib.suppress(OSError):  # The next writer has it already.
            os.rmdir(self.path)


_locked: "weakref.WeakSet[LockedFolder]" = weakref.WeakSet()


def _release_all() -> None:
    for folder in list(_locked):
        folder.release()


# A worker process that outlives a killed writer must not keep its lock.
os.register_at_fork(after_in_child=_release_all)


class TemporaryFolder(LockedFolder):
    """A locked folder of a random name, which is removed at the end; those of killed writers are removed before."""

    def __init__(self, output: str) -> None:
        """Creates the folder beside `output`."""
        parent, name = os.path.split(output)
        prefix = f".{name}."
        for entry in os.listdir(parent):
            if entry.startswith(prefix) and entry.endswith(_SUFFIX):
                try:
                    LockedFolder(os.path.join(parent, entry)).remove()
                except OSError:  # Its writer lives, or it is another user's.
                    continue
        super().__init__(os.path.join(parent, f"{prefix}{secrets.token_hex(6)}{_SUFFIX}"))

    def __enter__(self) -> "TemporaryFolder":
        """Return the folder."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the folder."""
        self.remove()
