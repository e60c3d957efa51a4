"""The commands that are disturbed, and the bytes that they write when nothing disturbs them."""

import array
import filecmp
import json
import os
import random
import shutil
import struct
import subprocess
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(os.environ.get("FEWSHOT_TOOLS", ROOT / ".build/release"))
FEATURES, TRAIN, SPLIT = (str(TOOLS / f"fewshot-{name}") for name in ("features", "train", "split"))
PARTS = ("train.h5", "val.h5", "test.h5", "text.h5")
# The places of the inputs, relative to the output: no result, and left out where it cannot be written.
NOTE = "sources.json"


def make_inputs() -> None:
    """Writes all inputs to the current folder: drawn images, a split of some of them, an encoder and arrays."""
    subprocess.run(
        [SPLIT, "draw", "badges", "--style", "crayon", "-o", "inputs/badges"], check=True, capture_output=True
    )
    whole = "inputs/badges/badges.split.json"
    split = json.loads(Path(whole).read_text())
    for part, count in (("train", 3), ("val", 1), ("test", 2)):
        taken: dict[int, list[list[Any]]] = {}
        for item in split[part]:
            taken.setdefault(item[1], []).append(item)
        split[part] = [item for items in taken.values() for item in items[:count]]
    Path("inputs/small.split.json").write_text(json.dumps(split))
    os.remove(whole)
    shutil.copytree(ROOT / "Demo/tiny-clip", "inputs/tiny-clip")
    shutil.copy(ROOT / "Demo/templates.txt", "inputs/templates.txt")
    write_arrays(random.Random(1), items=240, width=64, classes=8)


def write_arrays(generator: random.Random, items: int, width: int, classes: int) -> None:
    """Writes .npy files as NumPy does: image features [items, width], labels, text features, and rows of each part."""
    for name, form, shape, values in (
        ("images", "f", (items, width), [generator.gauss(0, 1) for _ in range(items * width)]),
        ("labels", "q", (items,), [item % classes for item in range(items)]),
        ("text", "f", (classes, width), [generator.gauss(0, 1) for _ in range(classes * width)]),
        ("rows/train", "q", (items // 2,), list(range(items // 2))),
        ("rows/val", "q", (items // 4,), list(range(items // 2, items * 3 // 4))),
        ("rows/test", "q", (items // 4,), list(range(items * 3 // 4, items))),
    ):
        path = Path("inputs/arrays", name + ".npy")
        path.parent.mkdir(parents=True, exist_ok=True)
        header = repr({"descr": "<f4" if form == "f" else "<i8", "fortran_order": False, "shape": shape})
        header += " " * (117 - len(header)) + "\n"
        path.write_bytes(
            b"\x93NUMPY\x01\x00"
            + struct.pack("<H", len(header))
            + header.encode()
            + array.array(form, values).tobytes()
        )


def digest_lines(path: Path) -> list[str]:
    """The complete lines of a results file, without the half line of a killed process."""
    lines = []
    for line in path.read_bytes().split(b"\n") if path.exists() else []:
        try:
            lines.append(json.dumps(json.loads(line), sort_keys=True))
        except ValueError:
            continue
    return lines


def last_lines(path: Path) -> dict[str, str]:
    """The last line of each run; a run that was trained again has an older line before it."""
    return {json.loads(line)["run"]: line for line in digest_lines(path)}


class Work:
    """A command, its output folder, and the expected content of the folder."""

    name = ""
    # Patterns of the input files that may be damaged.
    inputs: tuple[str, ...] = ()
    # Input folders that may be renamed away.
    folders: tuple[str, ...] = ()
    # Whether concurrent processes are told to wait.
    is_locked = False

    def __init__(self) -> None:
        self.reference = Path("reference", self.name, "done")
        self.start(self.reference)
        began = time.monotonic()
        subprocess.run(self.command(self.reference, "2"), check=True, capture_output=True)
        self.seconds = time.monotonic() - began
        self.files = sorted(
            str(path.relative_to(self.reference))
            for path in self.reference.rglob("*")
            if path.is_file() and path.name != NOTE
        )
        self.size = sum((self.reference / name).stat().st_size for name in self.files)
        self.begun = Path("reference", self.name, "begun")
        self.start(self.begun)

    def start(self, output: Path) -> None:
        """Creates the files that exist before the first command."""
        output.mkdir(parents=True)

    def command(self, output: Path, threads: str, replace: bool = False) -> list[str]:
        raise NotImplementedError

    def differences(self, output: Path) -> list[str]:
        """The files that are missing or wrong after the command has reported success."""
        return [name for name in self.files if not same(output / name, self.reference / name)]

    def wrong(self, output: Path) -> list[str]:
        """The files whose bytes are neither those from before nor those from after the work."""
        return [
            name
            for name in self.files
            if (output / name).exists()
            and not same(output / name, self.reference / name)
            and not same(output / name, self.begun / name)
        ]

    def mend(self, output: Path) -> None:
        """Does what an error message asks for and no flag of the command does."""

    def left_behind(self, output: Path) -> list[str]:
        """The files that undisturbed work does not leave."""
        return [
            str(path)
            for path in output.rglob("*")
            if path.is_file() and path.name != NOTE and str(path.relative_to(output)) not in self.files
        ]


def same(path: Path, other: Path) -> bool:
    return path.exists() and other.exists() and filecmp.cmp(path, other, shallow=False)


class Build(Work):
    name = "build"
    inputs = ("inputs/badges/images/*/*", "inputs/tiny-clip/*", "inputs/small.split.json", "inputs/templates.txt")
    folders = ("inputs/badges/images", "inputs/tiny-clip")
    is_locked = True
    views = "2"

    def command(self, output: Path, threads: str, replace: bool = False) -> list[str]:
        return [
            FEATURES,
            "build",
            "--split",
            "inputs/small.split.json",
            "--root",
            "inputs/badges",
            "--model",
            "inputs/tiny-clip",
            "--prompts",
            "inputs/templates.txt",
            "--views",
            self.views,
            "-o",
            str(output),
            "--threads",
            threads,
        ] + ["--replace"] * replace


class Extend(Build):
    name = "extend"

    def start(self, output: Path) -> None:
        if hasattr(self, "begun") and self.begun.exists():
            shutil.copytree(self.begun, output)
            return
        few = Build.command(self, output, "2")
        few[few.index("--views") + 1] = "1"
        subprocess.run(few, check=True, capture_output=True)

    def command(self, output: Path, threads: str, replace: bool = False) -> list[str]:
        return super().command(output, threads, replace) + ["--extend"] * (not replace)


class Import(Work):
    name = "import"
    inputs = ("inputs/arrays/*.npy", "inputs/arrays/rows/*.npy")
    folders = ("inputs/arrays",)

    def command(self, output: Path, threads: str, replace: bool = False) -> list[str]:
        arrays = "inputs/arrays"
        return [
            FEATURES,
            "import",
            "npy",
            "--images",
            f"{arrays}/images.npy",
            "--labels",
            f"{arrays}/labels.npy",
            "--text",
            f"{arrays}/text.npy",
            "--rows",
            f"{arrays}/rows",
            "--dataset",
            "arrays",
            "-o",
            str(output),
        ] + ["--replace"] * replace


class Pack(Work):
    name = "pack"
    inputs: tuple[str, ...] = ("reference/build/done/*.h5",)
    folders: tuple[str, ...] = ("reference/build/done",)
    source, verb = "reference/build/done", "pack"

    def command(self, output: Path, threads: str, replace: bool = False) -> list[str]:
        return [FEATURES, self.verb, self.source, "-o", str(output), "--threads", threads]


class Unpack(Pack):
    name = "unpack"
    inputs = ("reference/pack/done/*.h5",)
    folders = ("reference/pack/done",)
    source, verb = "reference/pack/done", "unpack"


class Repack(Pack):
    """Packs files in place."""

    name = "repack"
    inputs = ()
    folders = ()

    def start(self, output: Path) -> None:
        shutil.copytree("reference/build/done", output)

    def command(self, output: Path, threads: str, replace: bool = False) -> list[str]:
        return [FEATURES, "pack", str(output), "--threads", threads]

    def mend(self, output: Path) -> None:
        # A damaged file was also an input: it is copied again.
        for name in self.files:
            if not same(output / name, self.reference / name):
                shutil.copy(self.begun / name, output / name)


class Study(Work):
    name = "study"
    inputs = ("reference/build/done/*.h5",)
    folders = ("reference/build/done",)

    def command(self, output: Path, threads: str, replace: bool = False) -> list[str]:
        return [
            TRAIN,
            "run",
            "--features",
            "reference/build/done",
            "--method",
            "zero-shot,tip-adapter,tip-adapter-f,clip-adapter",
            "--shots",
            "1,2",
            "--seeds",
            "1",
            "-o",
            str(output),
            "--threads",
            threads,
        ] + ["--replace"] * replace

    def differences(self, output: Path) -> list[str]:
        runs = [name for name in super().differences(output) if name != "results.jsonl"]
        is_same = last_lines(output / "results.jsonl") == last_lines(self.reference / "results.jsonl")
        return runs + ([] if is_same else ["results.jsonl"])

    def wrong(self, output: Path) -> list[str]:
        # A run without its record is not done, and its files may be from any training.
        runs = [
            name
            for name in super().wrong(output)
            if name != "results.jsonl" and (output / name).with_name("run.json").exists()
        ]
        lines = digest_lines(output / "results.jsonl")
        expected = digest_lines(self.reference / "results.jsonl")
        is_part = len(set(lines)) == len(lines) and set(lines) <= set(expected)
        return runs + ([] if is_part else ["results.jsonl"])


class Worker(Build):
    """Makes the shards of a plan."""

    name = "worker"
    is_locked = False
    shards = 5

    def start(self, output: Path) -> None:
        plan = Build.command(self, output, "2")
        place = plan.index("--threads")
        plan[1], plan[place : place + 2] = "plan", ["--shards", str(self.shards)]
        subprocess.run(plan, check=True, capture_output=True)

    def command(self, output: Path, threads: str, replace: bool = False) -> list[str]:
        return [FEATURES, "worker", f"{output}/plan.json", "--shard", f"0-{self.shards - 1}", "--threads", threads]

    def mend(self, output: Path) -> None:
        # A plan is made again by `plan`.
        if not same(output / "plan.json", self.begun / "plan.json"):
            shutil.copy(self.begun / "plan.json", output / "plan.json")

    def true_states(self, output: Path) -> list[set[str]]:
        """The states that `status` may report per shard, from a comparison with the files of undisturbed work."""
        states = []
        for shard in range(self.shards):
            names = [name for name in self.files if name.startswith(f"parts/{shard:05}.")]
            if all(same(output / name, self.reference / name) for name in names):
                states.append({"done"})
            elif not (output / f"parts/{shard:05}.json").exists():
                states.append({"missing", "begun", "failed"})
            else:
                states.append({"corrupt"})
        return states


class Merge(Worker):
    """Joins the shards of a plan and removes them."""

    name = "merge"
    is_locked = True

    def start(self, output: Path) -> None:
        shutil.copytree("reference/worker/done", output)

    def command(self, output: Path, threads: str, replace: bool = False) -> list[str]:
        merge = [FEATURES, "merge", f"{output}/plan.json", "--remove-parts", "--threads", threads]
        return merge + ["--replace"] * replace

    def mend(self, output: Path) -> None:
        # Damaged or missing shards are made again by their workers, and a plan by `plan`.
        super().mend(output)
        if any(not same(output / name, Path("reference/build/done", name)) for name in PARTS):
            subprocess.run(Worker.command(self, output, "2"), check=True, capture_output=True)


def works(names: Collection[str] | None = None) -> list[Work]:
    """All works, each after those that it starts from."""
    kinds: tuple[type[Work], ...] = (Build, Extend, Import, Pack, Unpack, Repack, Study, Worker, Merge)
    needed = {"build", "pack", "worker"} | set(names or [])
    made = [kind() for kind in kinds if not names or kind.name in needed]
    for work in made:
        if work.name == "merge" and any(
            not same(work.reference / name, Path("reference/build/done", name)) for name in PARTS
        ):
            raise AssertionError("merged files are other than built ones")
    return made
