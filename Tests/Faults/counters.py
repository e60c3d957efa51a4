"""What the rounds of disturbances have led to so far."""

import re
import subprocess
from collections import Counter

from works import FEATURES, Work, digest_lines


class Counters:
    """Counts of a run of scripts/torture: rounds, faults, and what they led to."""

    def __init__(self) -> None:
        self.faults: Counter[str] = Counter()
        self.problems: Counter[str] = Counter()
        self.rounds = self.commands = self.resumed = self.rows = self.bytes_lost = self.wrong_sentences = 0
        self.statuses = 0
        self.left_behind: Counter[str] = Counter()
        self.row_counts: dict[str, int] = {}

    def rows_of(self, work: Work) -> int:
        """The rows of a work's files: those of features, or lines of results."""
        if work.name not in self.row_counts:
            count = 0
            for name in work.files:
                if name.endswith(".h5"):
                    said = subprocess.run(
                        [FEATURES, "info", str(work.reference / name), "--json"], check=True, capture_output=True
                    )
                    count += sum(
                        int(rows) * int(views)
                        for rows, views in re.findall(
                            r'"count"\s*:\s*(\d+).*?"views"\s*:\s*(\d+)', said.stdout.decode(), re.DOTALL
                        )
                    )
                elif name == "results.jsonl":
                    count += len(digest_lines(work.reference / name))
            self.row_counts[work.name] = count
        return self.row_counts[work.name]

    def page(self, seconds: float) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.faults.most_common())
        return (
            f"torture: {seconds / 60:.1f} min, {self.rounds} rounds, {self.commands} disturbed commands, "
            f"{sum(self.faults.values())} faults, {self.resumed} runs resumed, {self.rows} rows compared, "
            f"{self.bytes_lost} bytes lost, {self.wrong_sentences} wrong sentences, "
            f"{self.statuses} statuses compared, {sum(self.left_behind.values())} files left behind, "
            f"{sum(self.problems.values())} problems\n  {kinds}"
        )
