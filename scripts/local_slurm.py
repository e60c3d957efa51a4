"""A Slurm of two nodes on this machine, for checks: Debian's packages unpacked into a folder, nothing installed.

Each node has one core and its own slurmd. The daemons' messages are not authenticated: this is no way to run a cluster.
"""

from __future__ import annotations

import contextlib
import ctypes
import getpass
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable

PACKAGES = ["slurmctld", "slurmd", "slurm-client", "slurm-wlm-basic-plugins", "libhwloc15", "liblua5.1-0", "libmunge2"]
LIBRARIES = "usr/lib/x86_64-linux-gnu"
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LIBC = ctypes.CDLL(None, use_errno=True)

CONFIGURATION = """
ClusterName=local
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
AuthType=auth/none
CredType=cred/none
# How long a requeued job waits.
AuthInfo=cred_expire=5
SlurmUser={user}
SlurmdUser={user}
PluginDir={root}/{libraries}/slurm-wlm
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
MailProg=/bin/true
MpiDefault=none
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/jobs.txt
ReturnToService=2
SlurmdTimeout=8
KillWait=2
MaxArraySize={array}
NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{ports[1]}-{ports[2]}] CPUs=1 RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def unpacked(folder: pathlib.Path) -> pathlib.Path:
    """The folder with Slurm's programs in it, which is made if it is not there."""
    root = pathlib.Path(folder).resolve() / "root"
    if not (root / "complete").exists():
        shutil.rmtree(root.parent, ignore_errors=True)
        root.mkdir(parents=True)
        subprocess.run(["apt-get", "-q", "download", *PACKAGES], cwd=root.parent, check=True, capture_output=True)
        for package in root.parent.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, root], check=True)
            package.unlink()
        (root / "complete").touch()
    return root


def children_of(process: int) -> list[int]:
    """All that descends from a process, the process excluded."""
    parents: dict[int, list[int]] = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # It may have ended meanwhile.
            parents.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found, rest = [], [process]
    while rest:
        new = parents.get(rest.pop(), [])
        found += new
        rest += new
    return found


def kill_all(processes: Iterable[int]) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def free_ports() -> range:
    """Three ports in a row at which nobody listens."""
    for first in range(17000 + os.getpid() % 10000, 60000, 3):
        try:
            for port in range(first, first + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return range(first, first + 3)
        except OSError:
            continue
    sys.exit("local_slurm: found no three free ports")


def prepare_daemon() -> None:
    """Makes a daemon's orphans its children, so that a node is one process tree, and ends it with this process."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()


CODE = re.compile(r"\bExitCode=(\d+):")


class LocalSlurm:
    """The daemons, which end with the `with` statement, or with the process however it ends."""

    def __init__(self, root: pathlib.Path, folder: pathlib.Path, maximum_array_size: int = 1001) -> None:
        self.root, self.folder = root, pathlib.Path(folder)
        (self.folder / "state").mkdir(parents=True)
        configuration = self.folder / "slurm.conf"
        configuration.write_text(
            CONFIGURATION.format(
                host=socket.gethostname(),
                ports=free_ports(),
                user=getpass.getuser(),
                root=root,
                libraries=LIBRARIES,
                folder=self.folder,
                array=maximum_array_size,
            )
        )
        libraries = [root / LIBRARIES, root / LIBRARIES / "slurm-wlm"]
        self.environment = {
            **os.environ,
            "SLURM_CONF": str(configuration),
            "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
            "PATH": f"{root}/usr/bin:{os.environ['PATH']}",
        }
        self.nodes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> LocalSlurm:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
        self.daemon("slurmctld-wlm", "-i")
        for node in ["n1", "n2"]:
            self.start_node(node)
        self.wait(lambda: self.node_states() == {"n1": "idle", "n2": "idle"}, "two idle nodes", 30)
        return self

    def __exit__(self, *exception: object) -> None:
        # Twice: what a daemon starts while it is killed comes to this process.
        for _ in range(2):
            kill_all(children_of(os.getpid()))
            time.sleep(0.1)
        while children_of(os.getpid()) and os.waitpid(-1, os.WNOHANG)[0]:
            pass

    def daemon(self, name: str, *more: str | pathlib.Path) -> subprocess.Popen[bytes]:
        with open(self.folder / f"{name}{''.join(map(str, more[1:2]))}.out", "ab") as log:
            return subprocess.Popen(
                [self.root / "usr/sbin" / name, "-D", *more],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=prepare_daemon,  # noqa: PLW1509  nothing here has a second thread
            )

    def start_node(self, node: str) -> None:
        self.nodes[node] = self.daemon("slurmd-wlm", "-N", node, "-d", self.root / "usr/sbin/slurmstepd-wlm")

    def kill_node(self, node: str) -> None:
        """Simulates a power cut of a node without a disk: removes the daemon, all that it started, and its files."""
        daemon = self.nodes.pop(node)
        os.kill(daemon.pid, signal.SIGSTOP)
        kill_all(children_of(daemon.pid))
        daemon.kill()
        daemon.wait()
        shutil.rmtree(self.folder / f"spool-{node}")
        # What the controller finds out by itself, half a minute later.
        self.run("scontrol", "update", f"nodename={node}", "state=down", "reason=power")

    def done(self, *words: str | pathlib.Path) -> subprocess.CompletedProcess[str]:
        """A finished command that had Slurm's programs on its PATH."""
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, check=False)

    def run(self, *words: str | pathlib.Path) -> str:
        """The standard output of a command; its failure ends the script."""
        done = self.done(*words)
        if done.returncode:
            sys.exit(f"{' '.join(map(str, words))}: {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout

    def node_states(self) -> dict[str, str]:
        listed = self.done("sinfo", "-h", "-N", "-o", "%N %T").stdout
        return {line.split()[0]: line.split()[1] for line in listed.splitlines()}

    def queue(self) -> dict[str, list[str]]:
        """Each task that waits or runs: its job, its state and its node."""
        listed = self.run("squeue", "-h", "-r", "-o", "%i %T %N").splitlines()
        return {line.split()[0]: [*line.split(), ""][1:3] for line in listed}

    def exit_code(self, job: str) -> int | None:
        """What a job that is no array ended with."""
        file = self.folder / "jobs.txt"
        lines = file.read_text().splitlines() if file.exists() else []
        codes = [code for line in lines if line.startswith(f"JobId={job} ") for code in CODE.findall(line)]
        return int(codes[-1]) if codes else None

    def wait(self, condition: Callable[[], object], what: str, seconds: float) -> None:
        """Waits for a condition, and ends the script where it does not come."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                state = f"nodes {self.node_states()}, queue {self.queue()}"
                sys.exit(f"local_slurm: waited {seconds} s for {what}: {state}")
            time.sleep(0.1)
