"""Runs each row's peer and ours in turn, on the same data and threads, and prints a table of medians and ratios.

    python3 compare.py --ours fewshot-bench --tools .build/release --python PYTHON [--rows NAME,...] [--repeat 3]
                       [--write FILE]

Needs nothing beyond the standard library; PYTHON is the interpreter that has PyTorch, h5py and numpy.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "data")
Runs = list[dict[str, Any]]  # one measurement per run: seconds, peak memory, the name of the peer


def run(command: Sequence[object], environment: dict[str, str] | None = None) -> str:
    result = subprocess.run(
        list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False
    )
    if result.returncode:
        sys.exit(f"compare: '{' '.join(map(str, command))}' ended with {result.returncode}: {result.stderr.strip()}")
    return result.stdout


class Row:
    """One line of the table: `bar` and `aim` are the ratios peer / ours that product and maintainers hold it to."""

    modules: tuple[str, ...] = ()

    def __init__(
        self,
        name: str,
        work: str,
        script: str,
        bar: str,
        aim: str,
        repeat: int | None = None,
        row: str | None = None,
        data: str | None = None,
    ) -> None:
        self.name, self.work, self.script, self.bar, self.aim, self.repeat = name, work, script, bar, aim, repeat
        self.row, self.data = row or name, os.path.join(DATA, data or name)

    def prepare(self, o: argparse.Namespace) -> None:
        """The features of this row, made once and kept in Benchmarks/data."""
        done = os.path.join(self.data, "complete")
        if os.path.exists(done):
            return
        shutil.rmtree(self.data, ignore_errors=True)
        os.makedirs(self.data)
        self.make(o)
        Path(done).touch()

    def make(self, o: argparse.Namespace) -> None:
        run([o.python, f"{HERE}/peer/synthetic.py", self.name, self.data])

    def missing(self, o: argparse.Namespace) -> list[str]:
        """The modules of the peer's that are not there."""
        program = f"import importlib.util as u; print(*[m for m in {self.modules!r} if not u.find_spec(m)])"
        return run([o.python, "-c", program]).split() if self.modules else []

    def runs(self, o: argparse.Namespace) -> tuple[Runs, Runs]:
        """What both sides measured, in turn."""
        peers, ours = [], []
        for _ in range(o.repeat or self.repeat or 3):
            peers.append(self.peer(o))
            ours.append(self.ours(o))
        return peers, ours

    def peer(self, o: argparse.Namespace) -> dict[str, Any]:
        once = ["--repeat", 1, "--threads", o.threads] if self.script == "peer.py" else []
        return json.loads(
            run([o.python, f"{HERE}/peer/{self.script}", self.row, "--data", self.data, *once], o.environment)
        )

    def ours(self, o: argparse.Namespace) -> dict[str, Any]:
        return json.loads(run([o.ours, self.row, "--data", self.data], o.environment))


class PackedRow(Row):
    def __init__(self, name: str, rows: int, width: int, bar: str, aim: str) -> None:
        super().__init__(
            name, f"packed read, {rows:,} x {width} float16", "storage.py", bar, aim, repeat=5, row="packed-read"
        )
        self.shape = (rows, width)

    def make(self, o: argparse.Namespace) -> None:
        d = self.data
        run([o.python, f"{HERE}/peer/storage.py", "make-packed", d, *self.shape])
        tool = os.path.join(o.tools, "fewshot-features")
        run(
            [
                tool,
                "import",
                "npy",
                "--images",
                f"{d}/images.npy",
                "--labels",
                f"{d}/labels.npy",
                "--rows",
                f"{d}/rows",
                "--model",
                "synthetic",
                "-o",
                f"{d}/features",
            ]
        )
        run([tool, "pack", f"{d}/features", "-o", f"{d}/packed"])
        shutil.rmtree(f"{d}/features")
        os.remove(f"{d}/images.npy")


class SplitRow(Row):
    def __init__(self, name: str, work: str, bar: str, aim: str) -> None:
        super().__init__(name, work, "splits.py", bar, aim, repeat=5, data="splits")

    def make(self, o: argparse.Namespace) -> None:
        run([o.python, f"{HERE}/peer/splits.py", "make", self.data])


class EncoderRow(Row):
    """A tower beside the fastest of several libraries, which take turns with ours in one process."""

    modules = ("torch", "open_clip", "openvino", "onnxruntime")

    def __init__(
        self, kind: str, model: str, label: str, precision: str, bar: str = "1x", aim: str = "1.2x", count: int = 32
    ) -> None:
        short = {"float32": "f32", "bfloat16": "bf16"}[precision]
        work = f"{label} {kind} tower, {precision}, {'an image' if kind == 'image' else 'a prompt of 7 to 14 tokens'}"
        super().__init__(f"{kind}-{model.lower()}-{short}", work, "encoders.py", bar, aim, data="encoders")
        self.kind, self.model, self.precision, self.count = kind, model, precision, count

    def make(self, o: argparse.Namespace) -> None:
        run([o.python, f"{HERE}/peer/encoders.py", "make", self.data])

    def runs(self, o: argparse.Namespace) -> tuple[Runs, Runs]:
        r = json.loads(
            run(
                [
                    o.python,
                    f"{HERE}/peer/encoders.py",
                    f"{self.kind}:{self.model}-quickgelu:{self.precision}",
                    "--data",
                    self.data,
                    "--ours",
                    o.ours,
                    "--threads",
                    o.threads,
                    "--rounds",
                    o.repeat or 4,
                    "--count",
                    self.count,
                ],
                o.environment,
            ).splitlines()[-1]
        )
        print("  " + "; ".join(f"{label} {rate:.1f}/s" for label, rate in r["all"].items()), file=sys.stderr)
        return (
            [dict(peer=r["peer"], seconds=r["peer_seconds"], peak_mb=None)],
            [dict(seconds=r["seconds"], peak_mb=r["ours_mb"])],
        )


class PictureRow(Row):
    modules: tuple[str, ...] = ("torch", "torchvision", "PIL")

    def __init__(self, name: str, work: str, bar: str, aim: str) -> None:
        super().__init__(name, work, "pictures.py", bar, aim, repeat=3)

    def make(self, o: argparse.Namespace) -> None:
        run([o.python, f"{HERE}/peer/pictures.py", "make", self.data])

    def runs(self, o: argparse.Namespace) -> tuple[Runs, Runs]:
        peers, ours = [], []
        for _ in range(o.repeat or self.repeat or 3):
            peers.append(self.peer(o))
            written = os.path.join(self.data, "ours.bin")
            ours.append(
                json.loads(
                    run(
                        [o.ours, self.row, "--data", self.data, "--passes", peers[0]["passes"], "-o", written],
                        o.environment,
                    )
                )
            )
            with open(written, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            os.remove(written)
            if digest != peers[-1]["sha256"]:
                sys.exit(f"compare: {self.row}: our values are not those of {peers[0]['peer']}")
        return peers, ours


class PipelineRow(PictureRow):
    """JPEGs to features by the tool, beside the time that the processors' work in its stages takes at least."""

    modules = ("torch", "torchvision", "PIL", "open_clip")

    COPIES = 64

    def prepare(self, o: argparse.Namespace) -> None:
        super().prepare(o)
        self.encoder = EncoderRow("image", "ViT-B-32", "", "bfloat16")
        self.encoder.prepare(o)

    def make(self, o: argparse.Namespace) -> None:
        super().make(o)
        images = [name for name in sorted(os.listdir(self.data)) if name.endswith(".jpg")]
        os.makedirs(os.path.join(self.data, "all"))
        for copy in range(self.COPIES):
            shutil.copy(
                os.path.join(self.data, images[copy % len(images)]), os.path.join(self.data, "all", f"{copy}.jpg")
            )
        for name in images:
            os.remove(os.path.join(self.data, name))

    def runs(self, o: argparse.Namespace) -> tuple[Runs, Runs]:
        d, tools = self.data, o.tools
        model = os.path.join(self.encoder.data, "ViT-B-32-quickgelu.safetensors")
        place = "import importlib.util as u; print(u.find_spec('open_clip').submodule_search_locations[0])"
        vocabulary = os.path.join(run([o.python, "-c", place]).strip(), "bpe_simple_vocab_16e6.txt.gz")
        split, out = os.path.join(d, "pipeline.split.json"), os.path.join(d, "pipeline")
        run([f"{tools}/fewshot-split", "import", "folder", d, "-o", split, "--replace"])
        limits, ours = [], []
        for _ in range(o.repeat or self.repeat or 3):
            shutil.rmtree(out, ignore_errors=True)
            r = json.loads(
                run(
                    [
                        f"{tools}/fewshot-features",
                        "build",
                        "--split",
                        split,
                        "--root",
                        d,
                        "--model",
                        model,
                        "--activation",
                        "quick_gelu",
                        "--vocabulary",
                        vocabulary,
                        "--views",
                        "10",
                        "--threads",
                        o.threads,
                        "--json",
                        "-o",
                        out,
                    ],
                    o.environment,
                )
            )
            busy = sum(stage["processorSeconds"] for stage in r["stages"])
            limits.append(
                dict(
                    peer="the processors' time in all stages, divided by the threads",
                    seconds=busy / int(o.threads),
                    peak_mb=None,
                )
            )
            ours.append(dict(seconds=r["seconds"], peak_mb=None))
        shutil.rmtree(out)
        os.remove(split)
        return limits, ours


class HotRow(Row):
    def make(self, o: argparse.Namespace) -> None:
        run([o.python, f"{HERE}/peer/storage.py", "make-hot", self.data])
        run([o.ours, "make-hot", "--data", self.data])


ROWS = [
    Row(
        "cluster-adapter",
        "Cluster-Adapter, Cars' shape: 30 epochs with a test pass each, then 200 x 20 search",
        "peer.py",
        "15x",
        "40x",
    ),
    Row("tip-adapter-f", "Tip-Adapter-F step: 16,000 keys, C 1000, D 1024, batch 256", "peer.py", "3x", "6x", repeat=5),
    Row("search", "search: 50,000 x 16,000, D 1024, 200 x 20", "peer.py", "1,000x", "15,000x, 10 s, 1 GB"),
    PackedRow("packed-read", 27_782, 512, "2x", "5x"),
    PackedRow("packed-read-large", 250_000, 1024, "2x", "5x"),
    HotRow(
        "hot-open",
        "opening a 10 GiB hot file to its first batch of 256 rows x 1024",
        "storage.py",
        "1x",
        "5 ms",
        repeat=7,
    ),
    HotRow(
        "hot-open-first",
        "the same as the first thing that a process does",
        "storage.py",
        "",
        "5 ms",
        repeat=7,
        data="hot-open",
    ),
    SplitRow("split-build", "split of ImageNet's size, 1,331,167 items: listing to file", "2x", "10 s, 1 GB"),
    SplitRow("split-read", "the same read, from CoOp's JSON", "2x", "2 s"),
    SplitRow("split-draw", "the same: 16 shots of each class drawn", "2x", "0.5 s"),
    PictureRow("jpeg-tensor", "JPEG to 224 x 224 tensor, one thread, equal bytes", "1.5x", "3x"),
    PipelineRow("jpeg-features", "JPEGs to ViT-B/32 features, 11 views each: the whole of 'build'", "0.9x", ""),
    *(
        EncoderRow("image", model, label, precision)
        for model, label in (("ViT-B-32", "ViT-B/32"), ("ViT-B-16", "ViT-B/16"), ("RN50", "RN50"))
        for precision in ("bfloat16", "float32")
    ),
    *(EncoderRow("text", "ViT-B-32", "ViT-B/32", precision, count=64) for precision in ("bfloat16", "float32")),
]


def duration(seconds: float) -> str:
    if seconds >= 7200:
        return f"{seconds / 3600:,.1f} h"
    if seconds >= 100:
        return f"{seconds:,.0f} s"
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


def ratio(value: float) -> str:
    return f"{value:,.0f}x" if value >= 100 else f"{value:.3g}x"


def memory(runs: Runs) -> str:
    peaks = [r["peak_mb"] for r in runs if r["peak_mb"] is not None]
    return f"{statistics.median(peaks):,.0f}" if peaks else "-"


def measure(row: Row, o: argparse.Namespace) -> str | None:
    missing = row.missing(o)
    if missing:
        print(f"{row.name}: left out, {o.python} has no {', '.join(missing)}", file=sys.stderr)
        return None
    row.prepare(o)
    peers, ours = row.runs(o)

    def middle(runs: Runs) -> float:
        return statistics.median(r["seconds"] for r in runs)

    a, b = middle(peers), middle(ours)
    spread = " ".join(duration(r["seconds"]) for r in ours)
    print(
        f"{row.name}: {peers[0]['peer']} {duration(a)}, ours {duration(b)} ({spread}), {ratio(a / b)}",
        file=sys.stderr,
        flush=True,
    )
    note = f" ({peers[0]['scaled']} timed, and scaled)" if peers[0].get("scaled") else ""
    return (
        f"| {row.work} | {peers[0]['peer']}{note} | {duration(a)} | {duration(b)} | **{ratio(a / b)}** | "
        f"{row.bar} | {row.aim} | {memory(peers)} / {memory(ours)} MB |"
    )


def machine(o: argparse.Namespace) -> str:
    def field(text: str, name: str, missing: str = "unknown", separator: str = ":") -> str:
        found = (line.split(separator, 1)[1].strip() for line in text.splitlines() if line.startswith(name))
        return next(found, missing)

    cpu, memory = Path("/proc/cpuinfo").read_text(), Path("/proc/meminfo").read_text()
    flags = set(field(cpu, "flags").split()) & {"avx2", "avx512f", "avx512_bf16", "avx512_fp16", "amx_bf16"}
    model = field(cpu, "model name", platform.machine())
    system = field(Path("/etc/os-release").read_text(), "PRETTY_NAME", "Linux", "=").strip('"')
    swift = run(["swift", "--version"]).splitlines()[0]
    return (
        f"{model} ({', '.join(sorted(flags))}), {os.cpu_count()} cores\n\n"
        f"- {int(field(memory, 'MemTotal').split()[0]) >> 20} GiB; {system}\n"
        f"- {swift}; built for `{o.cpu}`; {o.threads} threads on both sides\n"
        f"- {'; '.join(run([os.path.join(o.tools, 'fewshot-train'), '--version']).splitlines())}\n"
    )


HEADER = """| work | peer | peer's time | our time | ratio | at least | aim | peak memory, peer / ours |
|---|---|---|---|---|---|---|---|
"""


def merged(page: str, heading: str, lines: list[str]) -> str:
    """The page with this machine's rows in the place of its old ones, or behind the other machines."""
    introduction, *sections = [s.rstrip() + "\n" for s in re.split(r"(?m)^(?=## )", page)]
    same = next((i for i, s in enumerate(sections) if s.splitlines()[0] == heading.splitlines()[0]), len(sections))

    def work(line: str) -> str:
        return line.split(" | ", maxsplit=1)[0]

    old = "".join(sections[same : same + 1]).splitlines()
    rows = {work(line): line for line in [*(line for line in old if line.startswith("| ")), *lines]}
    ordered = [rows[f"| {row.work}"] for row in ROWS if f"| {row.work}" in rows]
    sections[same : same + 1] = [f"{heading}\n{HEADER}" + "\n".join(ordered) + "\n"]
    return "\n".join([introduction, *sections])


def main() -> None:
    p = argparse.ArgumentParser()
    p.add_argument("--ours", required=True)
    p.add_argument("--tools", required=True)
    p.add_argument("--python", required=True)
    p.add_argument("--cpu", default="native")
    p.add_argument("--rows", default="")
    p.add_argument("--repeat", type=int)
    p.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    p.add_argument("--write")
    o = p.parse_args()
    o.environment = dict(os.environ, OMP_NUM_THREADS=str(o.threads), FEWSHOT_THREADS=str(o.threads))
    wanted = [n for n in o.rows.split(",") if n]
    unknown = set(wanted) - {row.name for row in ROWS}
    if unknown:
        sys.exit(f"compare: no row {', '.join(sorted(unknown))}; there are {', '.join(row.name for row in ROWS)}")
    lines = [line for row in ROWS if not wanted or row.name in wanted for line in [measure(row, o)] if line]
    shutil.rmtree(os.path.join(DATA, "hot-open"), ignore_errors=True)  # 10 GiB
    heading = f"## {machine(o)}"
    print(f"{heading}\n{HEADER}" + "\n".join(lines))
    if o.write:
        page = Path(o.write).read_text() if os.path.exists(o.write) else "# Benchmarks\n"
        Path(o.write).write_text(merged(page, heading, lines))


if __name__ == "__main__":
    main()
