"""A round: a work is disturbed some times, its messages are checked, then it is finished and its bytes are compared."""

import json
import random
import re
import shlex
import shutil
import subprocess
from pathlib import Path

from counters import Counters
from damages import DAMAGES
from disturbances import CRASHES, DISTURBANCES, Ended, Site
from works import FEATURES, Study, Work, Worker, same

ERROR = re.compile(r"^(fewshot-\w+: error: |failed: )(.*)$", re.MULTILINE)


def numbers(expression: str) -> list[int]:
    """The numbers of an array expression, as 0-2,5."""
    found: list[int] = []
    for piece in filter(None, expression.split(",")):
        first, _, last = piece.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


class Round:
    """One round and its problems."""

    def __init__(
        self,
        number: int,
        folder: Path,
        work: Work,
        generator: random.Random,
        shim: Path,
        counters: Counters,
        is_small_disk: bool,
    ) -> None:
        self.number, self.work, self.random, self.counters = number, work, generator, counters
        self.site = Site(folder, work, generator, shim, is_small_disk)
        self.story: list[str] = []
        self.problems: list[tuple[str, str]] = []

    def run(self) -> None:
        site = self.site
        site.folder.mkdir(parents=True)
        self.work.start(site.output)
        for _ in range(self.random.randint(1, 3)):
            disturb = self.random.choice(DISTURBANCES * 2 + DAMAGES)
            kind, ended = disturb(site)
            if kind:
                self.counters.faults[kind] += 1
            for one in ended:
                self.judge(one)
            if not site.damaged:
                self.check_published(kind)
            if isinstance(self.work, Worker) and self.work.name == "worker":
                self.check_status(self.work, kind)
        self.finish()

    def tell(self, text: str) -> None:
        self.story.append(text)

    def problem(self, kind: str, text: str) -> None:
        self.tell(f"!! {kind}: {text}")
        self.problems.append((kind, text))

    def judge(self, ended: Ended) -> None:
        """Checks the exit status and the messages of a process."""
        self.counters.commands += 1
        said = ended.said.strip()
        self.tell(f"$ {shlex.join(ended.command)}  # {ended.note}: {ended.status}\n{said}")
        if self.site.damaged:
            ended.allowed = ended.allowed | {65, 66, 73} | ({75} if self.work.name == "merge" else set())
        if -ended.status in CRASHES or "Fatal error" in said:
            return self.problem("crash", f"{ended.status} by {ended.note}: {said[-300:]}")
        if ended.status not in ended.allowed:
            return self.problem(
                "wrong status", f"{ended.status} of {sorted(ended.allowed)} by {ended.note}: {said[-300:]}"
            )
        if ended.status == 0 and not self.site.damaged and not ended.is_gone:
            missing = self.work.differences(self.site.output)
            if missing:
                self.problem("untrue success", f"by {ended.note}: not there or different: {missing}")
        if ended.status > 0:
            self.judge_sentences(ended, said)

    def judge_sentences(self, ended: Ended, said: str) -> None:
        """Checks that error messages are complete sentences that name the right cause."""
        sentences = [match[1] for match in ERROR.findall(said)]
        for sentence in sentences:
            flaw = None
            if not sentence.endswith((".", ", for the same reason")):
                flaw = "no whole sentence"
            elif "Success" in sentence:
                flaw = "a failure called success"
            elif ended.status == 74 and "--replace" in sentence and not self.site.damaged:
                flaw = "advice to throw away what is sound"
            if flaw:
                self.counters.wrong_sentences += 1
                self.problem("wrong sentence", f"{flaw} by {ended.note}: {sentence}")
        if not sentences and ended.status != 130:
            self.counters.wrong_sentences += 1
            self.problem("wrong sentence", f"none at status {ended.status} by {ended.note}: {said[-300:]}")

    def check_published(self, kind: str) -> None:
        """Checks that published files are complete, whatever has happened."""
        wrong = self.work.wrong(self.site.output)
        if wrong:
            self.problem("damaged publication", f"{wrong} after {kind}")

    def check_status(self, work: Worker, kind: str) -> None:
        """Checks the states that `status` reports against the files of the shards."""
        if not same(self.site.output / "plan.json", work.begun / "plan.json"):
            return
        command = [FEATURES, "status", f"{self.site.output}/plan.json", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        self.counters.statuses += 1
        states = work.true_states(self.site.output)
        try:
            said = json.loads(done.stdout)
        except ValueError:
            return self.problem("untrue status", f"{done.returncode} after {kind}: {done.stderr[-300:]}")
        unfinished = {one["shard"]: one["state"] for one in said["unfinished"]}
        wrong = [
            f"shard {shard} is {'/'.join(sorted(true))}, said {unfinished.get(shard, 'done')}"
            for shard, true in enumerate(states)
            if unfinished.get(shard, "done") not in true
        ]
        missing = [shard for shard, true in enumerate(states) if true != {"done"}]
        if numbers(said["array"]) != missing:
            wrong.append(f"to submit {said['array']!r}, not {missing}")
        if (done.returncode == 0) != (not missing):
            wrong.append(f"status {done.returncode} with {len(missing)} shards to do")
        if wrong:
            self.problem("untrue status", f"after {kind}: {'; '.join(wrong)}")

    def command(self, note: str, replace: bool = False) -> tuple[int, str]:
        command = self.site.command(replace)
        done = subprocess.run(
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, check=False
        )
        self.counters.resumed += 1
        said = done.stderr.strip()
        self.tell(f"$ {shlex.join(command)}  # {note}: {done.returncode}\n{said}")
        if -done.returncode in CRASHES:
            self.problem("crash", f"{done.returncode} {note}: {said[-300:]}")
        return done.returncode, said

    def finish(self) -> None:
        """Runs the work undisturbed, follows the remedies in its messages, and compares every byte."""
        status, said = self.command("undisturbed")
        if status and not self.site.damaged:
            return self.problem("does not go on", f"{status}: {said[-300:]}")
        if status:
            self.work.mend(self.site.output)
            status, said = self.command("after a remedy", replace=True)
            if status:
                return self.problem("does not go on with --replace", f"{status}: {said[-300:]}")
        different = self.work.differences(self.site.output)
        if different and self.site.damaged:
            different = self.mend(different)
        self.counters.rows += self.counters.rows_of(self.work)
        if different:
            lost = sum((self.work.reference / name).stat().st_size for name in different)
            self.counters.bytes_lost += lost
            self.problem("lost", f"{different} of other bytes in the end")
        left = self.work.left_behind(self.site.output)
        for name in left:
            shape = re.sub(r"\.[0-9a-z]{6,}\.partial", ".*.partial", name[len(str(self.site.output)) :])
            self.counters.left_behind[f"{self.work.name}{shape}"] += 1

    def mend(self, different: list[str]) -> list[str]:
        """Damage that no command has met: reported by `verify`, or `status` for shards, and repaired with --replace."""
        if not isinstance(self.work, Study):
            verify = [FEATURES, "verify", str(self.site.output)]
            if self.work.name in ("build", "extend"):
                verify += ["--images", "inputs/badges/images"]
            if self.work.name == "worker":
                verify = [FEATURES, "status", f"{self.site.output}/plan.json"]
            done = subprocess.run(verify, capture_output=True, text=True, timeout=120, check=False)
            self.tell(f"$ {shlex.join(verify)}: {done.returncode}\n{done.stdout.strip()[-2000:]}")
            if done.returncode not in (65, 75) and any((self.site.output / name).exists() for name in different):
                self.problem("silent damage", f"verify gave {done.returncode} with other bytes in {different}")
        self.work.mend(self.site.output)
        status, said = self.command("after what verify says", replace=True)
        if status:
            self.problem("does not go on with --replace", f"{status}: {said[-300:]}")
        return self.work.differences(self.site.output)

    def clear(self) -> None:
        shutil.rmtree(self.site.folder, ignore_errors=True)
