"""A sweep: each call of a work fails once, one after the other."""

import errno
import pathlib
import random
import shutil
from collections.abc import Iterator

from counters import Counters
from disturbances import BROKEN_DISK, CALLS, Site
from works import Work

# One failure of each kind of call.
CODES = {"write": "ENOSPC", "reserve": "ENOSPC", "mmap": "ENOMEM", "open": "EMFILE", "flock": "ENOLCK"}


def sweep(work: Work, shim: pathlib.Path, counters: Counters, most: int) -> Iterator[str]:
    """Yields one line per call, of the first `most` of its kind, whose failure was not reported or lost data."""
    folder = pathlib.Path("large/sweep")
    for call in CALLS:
        code = CODES.get(call, "EIO")
        for first in range(1, most + 1):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            site = Site(folder, work, OneThread(), shim)
            work.start(site.output)
            log, environment = site.faulty((call,), getattr(errno, code), first, 1)
            ended = site.running(environment).end({0} | BROKEN_DISK)
            if not log.exists():
                break
            counters.commands += 1
            counters.faults[f"{code} at {call}"] += 1
            wrong = work.wrong(site.output)
            if ended.status == 0:
                wrong += work.differences(site.output)
            if wrong or ended.status not in ended.allowed:
                struck = log.read_text().splitlines()[0]
                where = f"{work.name}: {code} at {struck} (number {first})"
                yield f"{where}: {ended.status}, wrong {wrong}: {ended.said[-300:]}"
    shutil.rmtree(folder, ignore_errors=True)


class OneThread(random.Random):
    """A generator that always gives one thread, so that calls come in the same order."""

    def randint(self, low: int, high: int) -> int:
        return low
