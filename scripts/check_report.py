"""Compares the outputs of fewshot-report with the runs that it was given: RUNS PAGE ALONE EVENTS JOINED CSV ITEMS."""

import ast
import csv
import html.parser
import importlib.util
import itertools
import json
import math
import os
import re
import sys
from pathlib import Path
from typing import Any


class Page(html.parser.HTMLParser):
    """What a reader with a screen reader or a keyboard depends on."""

    VOID = frozenset(("meta", "input", "br", "path", "rect", "link", "img"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str | None] = []
        self.references: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.tables, self.captions, self.inputs, self.labelled, self.graphics, self.named = 0, 0, 0, 0, 0, 0
        self.pictures = 0
        self.style = ""
        self.feed(text)
        assert not self.open, f"unclosed {self.open}"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        assert not any(name.startswith("on") for name in found), f"a handler in <{tag}>"
        assert tag not in ("link", "iframe", "object"), f"<{tag}>"
        if tag == "img":
            self.pictures += 1
            assert found.get("alt") and (found.pop("src") or "").startswith("data:image/jpeg;base64,")
        for name in ("src", "href"):
            assert (found.get(name, "#") or "").startswith("#"), f"{name}={found[name]}"
        if "id" in found:
            self.ids.append(found["id"])
        for name in ("aria-labelledby", "aria-describedby"):
            self.references += (found.get(name) or "").split()
        if target := found.get("href"):
            self.references.append(target[1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if tag == "th":
            assert found.get("scope") in ("col", "row"), "a th without scope"
        if tag == "input":
            self.inputs += 1
            self.labelled += "label" in self.open
        if tag == "svg":
            self.graphics += 1
            self.named += found.get("aria-hidden") == "true" or bool(found.get("aria-label"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> in {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text.append(data)


def luminance(color: str) -> float:
    digits = color.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def read_lines(path: str) -> list[dict[str, Any]]:
    """The objects of a file with one JSON object per line."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def read_table(path: str) -> list[dict[str, str]]:
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def check_page(path: str) -> str:
    text = Path(path).read_text(encoding="utf-8")
    page = Page(text)
    assert len(page.ids) == len(set(page.ids)), "an id twice"
    assert set(page.references) <= set(page.ids), set(page.references) - set(page.ids)
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(page.headings)), page.headings
    assert page.tables == page.captions > 0
    assert page.inputs == page.labelled > 0
    assert page.graphics == page.named > 0
    assert not re.search(r"https?://|url\(|@import", text)
    assert ("img-src data:" in text) == (page.pictures > 0)
    schemes = [
        dict(re.findall(r"--(\w+):(#[0-9a-f]+)", block)) for block in re.findall(r":root\{([^}]*)\}", page.style)
    ]
    assert len(schemes) == 3, "light, dark and print"
    for colors in schemes:
        for ground in ("paper", "raised"):
            for ink in ("ink", "muted", "accent"):
                assert contrast(colors[ink], colors[ground]) >= 4.5, (ink, ground, colors)
        for number in range(8):
            assert contrast(colors[f"k{number}"], colors["paper"]) >= 3, (number, colors)
    print(
        f"{os.path.basename(path)}: {len(text) // 1024} KiB, {page.tables} tables, {page.graphics} drawings, "
        f"{page.pictures} pictures"
    )
    return " ".join(page.text)


def check_events(runs: str, lines: list[dict[str, Any]], folder: str) -> None:
    import numpy as np
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    count = 0
    for line in lines:
        read = EventAccumulator(f"{folder}/{line['run']}", size_guidance={"scalars": 0}).Reload()
        found = {tag: [(e.step, e.value) for e in read.Scalars(tag)] for tag in read.Tags()["scalars"]}
        expected: dict[str, list[tuple[int, float]]] = {}
        last = 0
        end: dict[int, int] = {}  # the last step of each epoch
        steps = f"{runs}/{line['run']}/steps.jsonl"
        entries = read_lines(steps) if os.path.exists(steps) else []
        for entry in entries:
            if "step" in entry:
                last = end[entry["epoch"]] = entry["step"]
                values = {"loss/total": entry["loss"], "learning_rate": entry["learning_rate"]}
                values.update({f"loss/{name}": value for name, value in entry["parts"].items()})
            else:
                names = (
                    ("val_accuracy", "accuracy/val"),
                    ("test_accuracy_selected_on_test", "accuracy/test_selected_on_test"),
                )
                values = {tag: entry[name] for name, tag in names if name in entry}
            for tag, value in values.items():
                expected.setdefault(tag, []).append((end[entry["epoch"]], float(np.float32(value))))
        test = "final/test_selected_on_test" if line.get("note") else "final/test"
        for name, tag in (("val_accuracy", "final/val"), ("test_accuracy", test)):
            if name in line:
                expected[tag] = [(last, float(np.float32(line[name])))]
        assert found == expected, (line["run"], set(found) ^ set(expected))
        count += sum(map(len, found.values()))
    print(f"TensorBoard reads {count} numbers of {len(lines)} runs as they are in the runs")


def check_joined(lines: list[dict[str, Any]], folder: str) -> None:
    specification = importlib.util.find_spec("clip_benchmark")
    assert specification and specification.submodule_search_locations
    place = specification.submodule_search_locations[0]
    # Its build is one function; importing its module would ask for models and data sets.
    tree = ast.parse(Path(place, "cli.py").read_text())
    build = next(node for node in tree.body if getattr(node, "name", "") == "main_build")
    names: dict[str, Any] = {"csv": csv, "json": json, "os": os}
    exec(compile(ast.Module([build], []), "main_build", "exec"), names)
    names["main_build"](type("Base", (), {"files": [folder], "output": "joined.csv"}))
    rows = read_table("joined.csv")

    def key(row: dict[str, Any]) -> tuple[str, ...]:
        return (row["dataset"], row["method"], str(row["shots"]), str(row["seed"]), row["protocol"])

    expected = {key(line): line["test_accuracy"] for line in lines}
    assert {key(row): round(100 * float(row["acc1"]), 9) for row in rows} == {
        k: round(v, 9) for k, v in expected.items()
    }
    print(f"CLIP_benchmark joins {len(rows)} files")


def check_items(line: dict[str, Any], stem: str) -> None:
    """Compares the items of a run in Parquet, as pandas and DuckDB read them, with those in CSV and with its result."""
    import duckdb
    import pandas as pd

    path = f"{stem}.parquet"
    items = pd.read_parquet(path)
    table = pd.read_csv(f"{stem}.csv", keep_default_na=False, dtype={"id": str})
    pd.testing.assert_frame_equal(items, table, check_dtype=False)
    assert items["right"].dtype == bool and items["x"].dtype == items["confidence"].dtype == "float32"
    test = items[items["subset"] == "test"]
    assert math.isclose(100 * test["right"].mean(), line["test_accuracy"], rel_tol=1e-9)
    assert abs(items["x"].mean()) < 1e-5 and items["x"].var() >= items["y"].var() > 0
    # Embedding Atlas reads its columns by DuckDB, and draws two of numbers.
    query = f"SELECT count(*), count(DISTINCT id), avg(\"right\"::INT) FROM '{path}' WHERE subset = 'test'"
    (row,) = duckdb.sql(query).fetchall()
    assert row[:2] == (len(test), test["id"].nunique())
    assert math.isclose(100 * row[2], line["test_accuracy"], rel_tol=1e-9)
    types = {str(name): str(kind) for name, kind, *_ in duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
    assert types["x"] == types["y"] == "FLOAT" and types["id"] == types["label"] == "VARCHAR", types
    print(f"pandas and DuckDB read {len(items)} items of {line['run']}")


def main(runs: str, page: str, alone: str, events: str, joined: str, table: str, items: str) -> None:
    lines = read_lines(f"{runs}/results.jsonl")
    text = check_page(page)
    for line in lines:
        # Halves go up, and not to the even digit as in Python's own formats.
        assert f"{math.floor(100 * line['test_accuracy'] + 0.5) / 100:.2f}" in text, line["run"]
        assert line["identity"][:10] in text, line["run"]
    assert "selected on test" in text and "published" in text
    assert "Left out" in check_page(alone)
    rows = read_table(table)
    number = {row["identity"]: float(row["test_accuracy"]) for row in rows}
    assert number == {line["identity"]: line["test_accuracy"] for line in lines}
    if importlib.util.find_spec("duckdb"):
        for path in sorted(Path(items).glob("*.parquet")):
            run = path.name.removesuffix(".parquet")
            check_items(next(line for line in lines if line["run"].replace("/", "_") == run), str(path.with_suffix("")))
    if importlib.util.find_spec("tensorboard"):
        check_events(runs, lines, events)
    if importlib.util.find_spec("clip_benchmark"):
        check_joined(lines, joined)


main(*sys.argv[1:])
