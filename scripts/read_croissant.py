"""Makes a small image folder with a split, and reads Croissant descriptions of splits with mlcroissant.

Usage:
    read_croissant.py make FOLDER           writes images and FOLDER/mine.split.json
    read_croissant.py check [--images] SPLIT...   compares SPLIT with what SPLIT.croissant.json gives
"""

import json
import logging
import os
import sys
from typing import Any

PARTS = ("train", "val", "test")
# Signs that mean something to JSON, globs and regular expressions.
ROOT = "pictures [of] (mine)+"
CLASSES = ["red", 'deep "blue"', "grün 🌿", "a*b?"]


def make(folder: str) -> None:
    from PIL import Image

    parts: dict[str, list[list[Any]]] = {part: [] for part in PARTS}
    for label, name in enumerate(CLASSES):
        for place in range(6 - label):
            path = f"{name}/é {place}.{'png' if place % 2 else 'JPG'}"
            full = os.path.join(folder, ROOT, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            color = (60 * label, 40 * place, 7)
            Image.new("RGB", (8, 8), color).save(full, format="PNG" if place % 2 else "JPEG")
            parts[PARTS[min(place // 2, 2)]].append([path, label])
    split = {"format": "fewshot-split", "version": 1, "dataset": "mine", "root": ROOT, "classes": CLASSES, **parts}
    split["provenance"] = {"tool": "a script", "version": "1", "inputs": [], "settings": {}}
    with open(os.path.join(folder, "mine.split.json"), "w", encoding="utf-8") as file:
        json.dump(split, file, ensure_ascii=False)


def text(value: str | bytes) -> str:
    # mlcroissant gives texts as bytes.
    return value.decode() if isinstance(value, bytes) else value


def items_of(split: dict[str, Any]) -> tuple[list[str], dict[str, list[Any]]]:
    """Classes, and for each part its (path, label, class), of a split of ours or CoOp's."""
    if "classes" in split:
        classes = split["classes"]
    else:
        names = {label: name for part in PARTS for _, label, name in split[part]}
        classes = [names[label] for label in range(len(names))]
    return classes, {part: [(item[0], item[1], classes[item[1]]) for item in split[part]] for part in PARTS}


def check(path: str, with_images: bool) -> None:
    import mlcroissant

    with open(path, encoding="utf-8") as file:
        classes, items = items_of(json.load(file))
    dataset = mlcroissant.Dataset(path + ".croissant.json")
    issues = dataset.metadata.ctx.issues
    assert not issues.errors, issues.report()
    found = [(record["classes/label"], text(record["classes/name"])) for record in dataset.records("classes")]
    assert found == list(enumerate(classes)), (path, "classes")
    count = 0
    for part in PARTS:
        if not items[part]:
            continue
        # mlcroissant takes seconds for ten thousand items: of large parts the first ones will do.
        read = []
        for record in dataset.records(part):
            fields = [record[f"{part}/{name}"] for name in ("path", "label", "class", "split")]
            assert text(fields[3]) == part, (path, record)
            read.append((text(fields[0]), fields[1], text(fields[2])))
            if len(read) == 2000:
                break
        assert read == items[part][:2000], (path, part)
        count += len(read)
    if with_images:
        images = {text(record["images/path"]): record["images/content"] for record in dataset.records("images")}
        named = {item[0] for part in PARTS for item in items[part]}
        assert named <= set(images), named - set(images)
        assert all(image.size == (8, 8) for image in images.values())
    print(f"{os.path.basename(path)}: {len(classes)} classes and {count} items, warnings {len(issues.warnings)}")


if __name__ == "__main__":
    logging.getLogger("absl").setLevel(logging.ERROR)
    if sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        for argument in sys.argv[2:]:
            if argument != "--images":
                check(argument, "--images" in sys.argv)
