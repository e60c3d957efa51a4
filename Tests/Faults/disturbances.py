"""The disturbances of a command: each runs it once or several times, and lists the exit statuses that are true."""

import errno
import math
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence

from works import Work

CRASHES = {signal.SIGSEGV, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGSYS}
# Exit statuses after sysexits: an I/O error; no permission for an input or an output.
BROKEN_DISK, REFUSED = {74}, {66, 73}
# The failures of each kind of call.
CALLS = {
    "read": ("EIO", "short", "EINTR"),
    "write": ("EIO", "ENOSPC", "EDQUOT", "short", "EINTR", "torn"),
    "open": ("EIO", "EACCES", "EMFILE", "ENFILE"),
    "create": ("EIO", "EACCES", "EROFS", "ENOSPC", "EMFILE"),
    "fsync": ("EIO", "ENOSPC"),
    "rename": ("EIO", "EACCES", "EROFS", "ENOSPC"),
    "unlink": ("EIO", "EACCES", "EROFS"),
    "mkdir": ("EIO", "EACCES", "EROFS", "ENOSPC"),
    "ftruncate": ("EIO", "ENOSPC"),
    "reserve": ("EIO", "ENOSPC"),
    "stat": ("EIO", "EACCES"),
    "fstat": ("EIO",),
    "mmap": ("ENOMEM", "ENODEV"),
    "flock": ("EINTR", "ENOLCK"),
    "opendir": ("EIO", "EACCES"),
}
# The log of the calls that failed, never on the disturbed disk.
STRUCK = pathlib.Path("large/struck.txt")
CHANGING = ("write", "create", "rename", "mkdir", "reserve", "unlink", "ftruncate")


class Ended:
    """A finished process, and the exit statuses that are true of its disturbance."""

    def __init__(self, command: list[str], status: int, said: str, allowed: set[int], note: str = "") -> None:
        self.command, self.status, self.said, self.allowed, self.note = command, status, said, allowed, note
        self.is_gone = False  # whether the output folder was renamed away meanwhile


# The name of the disturbance, empty if none took effect, and the processes that ended.
Outcome = tuple[str, list[Ended]]


class Running:
    """A running process of a work, whose messages are short enough for a pipe."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None, limit: int | None = None) -> None:
        self.command = command

        def before() -> None:
            if limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=before,  # noqa: PLW1509  nothing here has a second thread
            env={**os.environ, **(environment or {})},
        )

    def ends_within(self, seconds: float) -> bool:
        try:
            self.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            return False

    def end(self, allowed: set[int], note: str = "") -> Ended:
        """Waits for the end, at most one minute."""
        if not self.ends_within(60):
            self.process.kill()
            self.process.wait()
            note, allowed = note + " and did not end in a minute", set()
        assert self.process.stderr
        said = self.process.stderr.read().decode(errors="replace")
        self.process.stderr.close()
        return Ended(self.command, self.process.returncode, said, allowed, note)


class Site:
    """The folder and the tools of a round."""

    def __init__(
        self,
        folder: pathlib.Path,
        work: Work,
        generator: random.Random,
        shim: pathlib.Path,
        is_small_disk: bool = False,
    ) -> None:
        self.folder, self.work, self.random, self.shim = folder, work, generator, shim
        self.output = folder / "out"
        self.is_small_disk = is_small_disk
        # The damage that no command can repair without --replace.
        self.damaged: list[str] = []

    def command(self, replace: bool = False) -> list[str]:
        return self.work.command(self.output, str(self.random.randint(1, 3)), replace)

    def running(self, environment: dict[str, str] | None = None, limit: int | None = None) -> Running:
        return Running(self.command(), environment, limit)

    def moment(self) -> float:
        """A random time between the start and some time after the end of the work."""
        return self.random.uniform(0.001, self.work.seconds * 1.2)

    def faulty(
        self, calls: Sequence[str], kind: str | int, first: int, count: int
    ) -> tuple[pathlib.Path, dict[str, str]]:
        """The environment in which calls of a process fail, and the log of those calls."""
        log = STRUCK
        log.unlink(missing_ok=True)
        return log, {
            "LD_PRELOAD": str(self.shim),
            "FAULTS_CALLS": ",".join(calls),
            "FAULTS_KIND": str(kind),
            "FAULTS_BELOW": ":".join({os.getcwd(), str(self.folder.resolve())}),
            "FAULTS_LOG": str(log.resolve()),
            "FAULTS_FIRST": str(first),
            "FAULTS_COUNT": str(count),
        }


def some_call(site: Site, calls: Sequence[str]) -> int:
    """The number of a call, uniform on a logarithmic scale."""
    most = 3000 if {"read", "write", "fstat", "stat", "open"} & set(calls) else 80
    return int(math.exp(site.random.uniform(0, math.log(most))))


def killed(site: Site) -> Outcome:
    """A signal at a random time."""
    number = site.random.choice([signal.SIGKILL] * 3 + [signal.SIGTERM, signal.SIGINT])
    running = site.running()
    if running.ends_within(site.moment()):
        return "", [running.end({0})]
    running.process.send_signal(number)
    return number.name, [running.end({0, -number, 75 if number == signal.SIGTERM else 130})]


def killed_at_a_call(site: Site) -> Outcome:
    """A signal just before a call, which a timer seldom hits."""
    number = site.random.choice([signal.SIGKILL] * 3 + [signal.SIGTERM])
    calls = site.random.choice(
        [CHANGING, ("rename",), ("unlink",), ("fsync",), ("create",), ("write",), ("open", "read")]
    )
    log, environment = site.faulty(calls, -number, some_call(site, calls), 1)
    running = site.running(environment)
    ended = running.end({0, -number, 75}, f"{number.name} at {calls}")
    return f"{number.name} at a call" if log.exists() else "", [ended]


def stopped(site: Site) -> Outcome:
    """A process that is stopped while another one runs, and continues afterwards."""
    running = site.running()
    if running.ends_within(site.moment()):
        return "", [running.end({0})]
    running.process.send_signal(signal.SIGSTOP)
    ended = []
    if site.random.random() < 0.5:
        ended.append(site.running().end({0, 75}, "while another one sleeps"))
    running.process.send_signal(signal.SIGCONT)
    ended.append(running.end({0, 75}, "after SIGSTOP and SIGCONT"))
    return "SIGSTOP", ended


def struck(site: Site) -> Outcome:
    """A call that fails, once or from then on."""
    call = site.random.choice(sorted(CALLS))
    kind = site.random.choice(CALLS[call])
    calls: tuple[str, ...] = (call,)
    count = 1
    allowed = {0} if kind in ("short", "EINTR") else {0} | BROKEN_DISK
    if kind in ("EACCES", "EROFS"):
        allowed = {0} | REFUSED | (BROKEN_DISK if call == "opendir" else set())
    if kind == "torn":
        allowed = {0, -signal.SIGKILL}
    elif kind == "short":
        count = site.random.choice((1, 50, 0))
    elif kind == "EINTR":
        count = site.random.choice((1, 3))
    elif site.random.random() < 0.4:
        count = 0
        if kind in ("ENOSPC", "EROFS"):
            calls = CHANGING
    code = kind if kind in ("short", "torn") else getattr(errno, kind)
    log, environment = site.faulty(calls, code, some_call(site, calls), count)
    ended = site.running(environment).end(allowed, f"{kind} at {','.join(calls)}{' from then on' * (count == 0)}")
    if not log.exists():
        return "", [ended]
    ended.note += ": " + log.read_text().splitlines()[0]
    if kind == "EACCES" and "/images/" in ended.note:
        # An image without read permission is listed with the other unusable images.
        ended.allowed.add(65)
    return f"{kind} at {call}", [ended]


def limited(site: Site) -> Outcome:
    """A limit on the file size."""
    limit = int(math.exp(site.random.uniform(math.log(100), math.log(2 * site.work.size))))
    ended = site.running(limit=limit).end({0} | BROKEN_DISK, f"files of at most {limit} bytes")
    return "file size limit" if ended.status else "", [ended]


def full(site: Site) -> Outcome:
    """A nearly full disk, if this user may mount one."""
    if not site.is_small_disk:
        return struck(site)
    place = os.statvfs(site.folder)
    used = (place.f_blocks - place.f_bfree) * place.f_frsize
    size = used + site.random.randrange(4096, 3 * site.work.size)
    remount(site, f"size={size // 1024 + 4}k")
    try:
        ended = site.running().end({0} | BROKEN_DISK, f"a disk of {size} bytes, {used} used")
    finally:
        remount(site, "size=64m")
    return "full disk" if ended.status else "", [ended]


def read_only(site: Site) -> Outcome:
    """A read-only disk."""
    if not site.is_small_disk:
        return struck(site)
    remount(site, "ro")
    try:
        ended = site.running().end({0} | REFUSED, "a disk mounted read-only")
    finally:
        remount(site, "rw")
    return "read-only disk", [ended]


def remount(site: Site, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(site.folder.parent)], check=True)


def vanished(site: Site) -> Outcome:
    """A folder that is renamed away during the work, and back later."""
    folder = pathlib.Path(site.random.choice((str(site.output), *site.work.folders)))
    away = folder.with_name(folder.name + "-away")
    running = site.running()
    if running.ends_within(site.moment()) or not folder.exists():
        return "", [running.end({0})]
    folder.rename(away)
    back = site.random.random() < 0.5
    if back:
        time.sleep(site.random.uniform(0, 0.05))
        restore(folder, away)
    # The message names the missing input, output folder or images.
    allowed = {0, 65, 66, 73, 74}
    if back:
        # While the folder is away, a model has no configuration (78), and a plan no finished shards (75).
        allowed |= {75, 78} if site.work.name == "merge" else {78}
    ended = running.end(allowed, f"{folder} {'away for a moment' if back else 'gone'}")
    # This disturbance discards what was written meanwhile.
    ended.is_gone = folder == site.output
    restore(folder, away)
    return f"{'output' if folder == site.output else 'input'} renamed away", [ended]


def restore(folder: pathlib.Path, away: pathlib.Path) -> None:
    """Moves a folder back, and removes what was created in its place."""
    for _ in range(1000):
        if not away.exists():
            return
        # A running process creates new files during the removal.
        shutil.rmtree(folder, ignore_errors=True)
        try:
            away.rename(folder)
        except OSError:
            time.sleep(0.001)


def clock(site: Site) -> Outcome:
    """A wall clock that jumps."""
    seconds = site.random.choice((1, 3600, 86400, 10**8))
    environment = {"LD_PRELOAD": str(site.shim), "FAULTS_CLOCK": str(seconds), "FAULTS_BELOW": os.getcwd()}
    return "clock jumps", [site.running(environment).end({0}, f"a clock that jumps by {seconds} s")]


def crowd(site: Site) -> Outcome:
    """Several processes doing the same work, some of which are killed."""
    runnings = []
    for _ in range(site.random.randint(2, 3)):
        runnings.append(site.running())
        time.sleep(site.random.choice((0, 0, site.moment() / 2)))
    kills = {}
    for running in runnings:
        if site.random.random() < 0.3:
            running.ends_within(site.moment() / 2)
            if running.process.poll() is None:
                running.process.kill()
                kills[running] = True
    ended = [running.end({0, 75} | ({-9} if running in kills else set()), "in a crowd") for running in runnings]
    if not kills and all(one.status for one in ended):
        ended[0].allowed = set()
        ended[0].note += ", none of which did the work"
    return "crowd", ended


DISTURBANCES = (
    [killed] * 3
    + [killed_at_a_call] * 4
    + [struck] * 8
    + [stopped, limited, full, full, read_only, vanished, vanished, clock]
    + [crowd] * 2
)
