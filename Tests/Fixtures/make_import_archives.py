#!/usr/bin/env python3
"""Makes Tests/Fixtures/imports: small tables and tar archives, and what CPython reads in them.

Run with CPython 3.10 or later and the package xxhash: python3 Tests/Fixtures/make_import_archives.py
"""

import csv
import gzip
import io
import json
import pathlib
import random
import tarfile
from collections.abc import Sequence
from typing import Any

import xxhash

FOLDER = pathlib.Path(__file__).parent / "imports"
IMAGE = bytes.fromhex("ffd8ffe000104a464946")


def add(archive: tarfile.TarFile, name: str, content: bytes = IMAGE, **fields: Any) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    archive.addfile(info, io.BytesIO(content))


def sidecars(path: pathlib.Path, form: int) -> list[list[str]]:
    """Samples of an image and its label, in the order in which WebDataset writes them."""
    items = []
    with tarfile.open(path, "w", format=form) as archive:
        for number, name in enumerate(["Tabby_cat", "GreatDane", "Tabby_cat", "übergröße"]):
            key = f"folder/{number:04d}" if number else "00.x/ümlaut"
            add(archive, f"{key}.cls", f"{name}\n".encode())
            add(archive, f"{key}.jpg")
            items.append([f"{path.name}/{key}.jpg", name])
    return items


def folders(path: pathlib.Path, form: int) -> list[list[str]]:
    """Images below folders, a name of more than 100 bytes among them, as `tar -C folder .` writes them."""
    items = []
    with tarfile.open(path, "w", format=form) as archive:
        long = f"./cat/{'long' * 40}.webp"
        for name in ["./dog/1.jpg", "./dog/deep er/2.PNG", long, "./cat/._3.jpg", "./cat/note.md"]:
            add(archive, name)
            last = name.rsplit("/", 1)[1]
            if not last.startswith(".") and not last.endswith(".md"):
                items.append([f"{path.name}/{name[2:]}", name.split("/")[-2]])
    return items


def labels_in_json(path: pathlib.Path) -> list[list[str]]:
    items = []
    with tarfile.open(path, "w") as archive:
        for number, name in enumerate(["oak", "elm", "oak"]):
            add(archive, f"{number}.jpeg")
            add(archive, f"{number}.json", json.dumps({"caption": "a tree", "label": name}).encode())
            items.append([f"{path.name}/{number}.jpeg", name])
    plain = path.read_bytes()
    packed = path.with_suffix(".tar.gz")
    packed.write_bytes(gzip.compress(plain, mtime=0))
    path.unlink()
    return [[item.replace(path.name, packed.name), name] for item, name in items]


def tables() -> dict[str, list[list[str]]]:
    """Fields that need quotation marks, in the dialects that the csv module writes, and what it reads back."""
    names = ["plain", "with, comma", 'with "marks"', "two\nlines", "ünïcode 😀", "semi;colon", "  spaces  "]
    rows = [[f"{name}/{number}.jpg", name] for name in names for number in range(2)]
    random.Random(1).shuffle(rows)
    tables = {}
    dialects: list[tuple[str, dict[str, Any]]] = [
        ("comma.csv", {}),
        ("quoted.csv", {"quoting": csv.QUOTE_ALL, "lineterminator": "\n"}),
        ("tab.tsv", {"delimiter": "\t"}),
        ("semicolon.csv", {"delimiter": ";"}),
    ]
    for name, dialect in dialects:
        path = FOLDER / name
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, **dialect).writerows([["path", "label"], *rows])
        with open(path, newline="", encoding="utf-8") as file:
            read = list(csv.reader(file, delimiter=dialect.get("delimiter", ",")))
        tables[name] = read[1:]
    return tables


def cut(counts: Sequence[int], val: float, test: float, seed: int) -> dict[str, Any]:
    """Which places of each class go where, in the order of xxhash's XXH3 of seed and path, with CPython's round."""
    parts = []
    for label, count in enumerate(counts):
        keys = [f"{seed}\0{label}/{place}.jpg".encode() for place in range(count)]
        hashes = [xxhash.xxh3_64_intdigest(key) for key in keys]
        places = sorted(range(count), key=hashes.__getitem__)
        tests = min(count - 1, round(count * test))
        vals = min(count - 1 - tests, round(count * val))
        end = count - vals
        parts.append([sorted(places[tests:end]), sorted(places[end:]), sorted(places[:tests])])
    return {"counts": counts, "val": val, "test": test, "seed": seed, "parts": parts}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    forms = {"pax": tarfile.PAX_FORMAT, "gnu": tarfile.GNU_FORMAT}
    archives = {}
    for name, form in forms.items():
        archives[f"sidecars-{name}.tar"] = sidecars(FOLDER / f"sidecars-{name}.tar", form)
        archives[f"folders-{name}.tar"] = folders(FOLDER / f"folders-{name}.tar", form)
    archives["json.tar.gz"] = labels_in_json(FOLDER / "json.tar")
    expected = {
        "archives": archives,
        "tables": tables(),
        "cuts": [
            cut([10, 25, 1, 2, 3, 15, 100], 0.1, 0.2, 1),
            cut([5, 5, 35], 0.5, 0.49, 7),
            cut([12, 4], 0, 0.25, 3),
        ],
    }
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
