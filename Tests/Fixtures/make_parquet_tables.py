#!/usr/bin/env python3
"""Makes Tests/Fixtures/archives/*.parquet with pyarrow, and the values that are in most of them: tables.json.

Needs pyarrow: python3 Tests/Fixtures/make_parquet_tables.py
"""

import json
import pathlib
import random
from typing import Any

import pyarrow
import pyarrow.parquet

FOLDER = pathlib.Path(__file__).parent / "archives"
IMAGES = FOLDER.parent / "images"
NAMES = ["rgb.jpg", "gray.jpg", "rgb.png", "plain.gif", "plain.bmp", "alpha.png", "lossless.webp"]
ROWS = 60


def columns() -> pyarrow.Table:
    dice = random.Random(7)

    def some(value: Any, absent: bool) -> Any:
        return None if absent and dice.random() < 0.2 else value

    image = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    kinds = {
        "whole": (pyarrow.int64(), lambda row: dice.randrange(-(2**62), 2**62), False),
        "small": (pyarrow.int32(), lambda row: row % 3 - 1, True),
        "truth": (pyarrow.bool_(), lambda row: dice.random() < 0.5, True),
        "single": (pyarrow.float32(), lambda row: row / 4, True),
        "double": (pyarrow.float64(), lambda row: dice.random(), False),
        "text": (pyarrow.string(), lambda row: f"übung {row // 7}", True),
        "fixed": (pyarrow.binary(5), lambda row: dice.randbytes(5), False),
        "constant": (pyarrow.string(), lambda row: "same", False),
        "absent": (pyarrow.string(), lambda row: None, True),
        "image": (
            image,
            lambda row: {"bytes": some(dice.randbytes(1 + row % 11) * 9, True), "path": some(f"{row}.jpg", True)},
            True,
        ),
    }
    fields, arrays = [], []
    for name, (kind, value, absent) in kinds.items():
        fields.append(pyarrow.field(name, kind, nullable=absent))
        arrays.append(pyarrow.array([some(value(row), absent) for row in range(ROWS)], type=kind))
    fields.append(pyarrow.field("tags", pyarrow.list_(pyarrow.string())))
    arrays.append(pyarrow.array([["a"] * (row % 3) for row in range(ROWS)], type=pyarrow.list_(pyarrow.string())))
    return pyarrow.table(arrays, schema=pyarrow.schema(fields))


def value(thing: Any) -> Any:
    """A value as JSON keeps it exactly."""
    if isinstance(thing, bytes):
        return {"bytes": thing.hex()}
    return {"number": thing.hex()} if isinstance(thing, float) else thing


def leaves(table: pyarrow.Table) -> dict[str, Any]:
    """The values of every leaf by its path, as pyarrow reads them."""
    found = {}
    for name in table.column_names:
        if name == "tags":
            continue
        rows = table[name].to_pylist()
        if name == "image":
            for part in ["bytes", "path"]:
                found[f"image.{part}"] = [value(row[part]) if row else None for row in rows]
        else:
            found[name] = [value(row) for row in rows]
    return found


def write(name: str, table: pyarrow.Table, **settings: Any) -> dict[str, Any]:
    pyarrow.parquet.write_table(table, FOLDER / f"{name}.parquet", **settings)
    again = pyarrow.parquet.read_table(FOLDER / f"{name}.parquet")
    assert again.to_pylist() == table.to_pylist()
    return leaves(again)


def huggingface(labels: pyarrow.Table, names: list[str]) -> pyarrow.Table:
    features = {"image": {"_type": "Image"}, "label": {"names": names, "_type": "ClassLabel"}}
    image = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    files = [(IMAGES / NAMES[row % len(NAMES)]).read_bytes() for row in range(len(labels))]
    table = pyarrow.table(
        {
            "image": pyarrow.array([{"bytes": file, "path": f"{row}"} for row, file in enumerate(files)], type=image),
            "label": pyarrow.array(labels, type=pyarrow.int64()),
        }
    )
    return table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})


def main() -> None:
    table = columns()
    found = []
    for codec in ["none", "snappy", "gzip", "zstd"]:
        for version in ["1.0", "2.0"]:
            found.append(
                write(f"{codec}-v{version[0]}", table, compression=codec, data_page_version=version, row_group_size=25)
            )
    # Plain values in many small pages, with statistics and an index of pages between them.
    found.append(
        write("plain", table, use_dictionary=False, data_page_size=64, write_batch_size=8, write_page_index=True)
    )
    # A dictionary that is given up for plain values.
    found.append(
        write("mixed", table, dictionary_pagesize_limit=64, data_page_size=64, write_batch_size=8, version="1.0")
    )
    assert all(other == found[0] for other in found)
    (FOLDER / "tables.json").write_text(json.dumps(found[0], ensure_ascii=False, separators=(",", ":")) + "\n")
    names = ["AnnualCrop", "sea_lake"]
    write("hf-train", huggingface([0, 1, 1, 0, 1, 0, 0], names), row_group_size=3, use_dictionary=False)
    write("hf-test", huggingface([1, 0, 1], names), compression="zstd")
    pyarrow.parquet.write_table(table, FOLDER / "brotli.parquet", compression="brotli")
    pyarrow.parquet.write_table(
        table.select(["whole"]),
        FOLDER / "delta.parquet",
        use_dictionary=False,
        column_encoding={"whole": "DELTA_BINARY_PACKED"},
    )
    pyarrow.parquet.write_table(
        pyarrow.table(
            {
                "path": ["cat/1.jpg", "cat/2.jpg", "dog/1.jpg", "dog/2.jpg"],
                "category": ["cat", "cat", "dog", "dog"],
                "split": ["train", "test", "training", "valid"],
            }
        ),
        FOLDER / "paths.parquet",
    )


main()
