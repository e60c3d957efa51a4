"""Writes small made-up data sets in their published layouts, with the splits that CoOp's rules make of them.

    python make_raw_trees.py raw_trees.json raw_mats.json

The rules are stated here a second time, from CoOp's description and with CPython's random module and SciPy, which is
what the published splits were made with. Listings are sorted, where CoOp takes them as the file system returns them;
files that cannot be images are left out, where CoOp would make items of them. Needs numpy and scipy.
"""

import base64
import io
import json
import os
import random
import re
import struct
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy.io import loadmat, savemat

Item = list[Any]  # a path and a label
Parts = tuple[list[Item], list[Item], list[Item]]  # train, val, test
Split = tuple[list[str], list[Item], list[Item], list[Item]]  # class names, train, val, test
NO_IMAGES = (".db", ".txt", ".mat", ".ini")


class Tree:
    """Files by path below the data root; None is an image, whose bytes do not matter."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.files: dict[str, Any] = {}

    def add(self, path: str, content: Any = None) -> None:
        self.files[f"{self.folder}/{path}"] = content

    def text(self, path: str) -> Any:
        return self.files[f"{self.folder}/{path}"]

    def mat(self, path: str) -> dict[str, Any]:
        return loadmat(io.BytesIO(base64.b64decode(self.text(path)["base64"])))

    def names(self, folder: str, kind: str) -> list[str]:
        """The sorted names of the files or folders directly in `folder` that are not hidden."""
        prefix = f"{self.folder}/{folder}/"
        found = set()
        for path in self.files:
            if path.startswith(prefix):
                head, _, rest = path[len(prefix) :].partition("/")
                if bool(rest) == (kind == "folders") and not head.startswith("."):
                    found.add(head)
        return sorted(found)

    def images(self, folder: str) -> list[str]:
        return [n for n in self.names(folder, "files") if not n.lower().endswith(NO_IMAGES)]


def mat_bytes(values: dict[str, Any], **options: Any) -> dict[str, str]:
    buffer = io.BytesIO()
    savemat(buffer, values, **options)
    content = buffer.getvalue()
    if options.get("format") != "4":
        # SciPy writes the time into the first 116 bytes.
        content = b"MATLAB 5.0 MAT-file".ljust(116) + content[116:]
    return {"base64": base64.b64encode(content).decode()}


def half_fifth_rest(items: list[str], label: int, parts: Sequence[list[Item]]) -> None:
    random.shuffle(items)
    train, val = round(len(items) * 0.5), round(len(items) * 0.2)
    assert train > 0 and val > 0 and len(items) - train - val > 0
    for part, chosen in zip(parts, (items[:train], items[train : train + val], items[train + val :]), strict=True):
        part += [[item, label] for item in chosen]


def fifth_to_val(trainval: list[Item]) -> tuple[list[Item], list[Item]]:
    groups: dict[int, list[Item]] = {}
    for item in trainval:
        groups.setdefault(item[1], []).append(item)
    train, val = [], []
    for items in groups.values():
        count = round(len(items) * 0.2)
        assert count > 0
        random.shuffle(items)
        val += items[:count]
        train += items[count:]
    return train, val


def folders(
    tree: Tree, images: str, ignored: Collection[str] = (), renames: Mapping[str, str] = MappingProxyType({})
) -> Split:
    classes = [name for name in tree.names(images, "folders") if name not in ignored]
    parts: Parts = ([], [], [])
    for label, name in enumerate(classes):
        half_fifth_rest([f"{name}/{n}" for n in tree.images(f"{images}/{name}")], label, parts)
    return [renames.get(name, name) for name in classes], *parts


def classes_of(named: dict[int, str]) -> list[str]:
    return [named[label] for label in range(len(named))]


def pets(tree: Tree) -> Split:
    named, lists = {}, []
    for part in ("trainval", "test"):
        items = []
        for line in tree.text(f"annotations/{part}.txt").splitlines():
            name, label, _, _ = line.strip().split(" ")
            named[int(label) - 1] = "_".join(name.split("_")[:-1]).lower()
            items.append([name + ".jpg", int(label) - 1])
        lists.append(items)
    train, val = fifth_to_val(lists[0])
    return classes_of(named), train, val, lists[1]


def cars(tree: Tree) -> Split:
    names = [cell[0] for cell in tree.mat("devkit/cars_meta.mat")["class_names"][0]]
    classes = [" ".join(name.split(" ")[-1:] + name.split(" ")[:-1]) for name in names]

    def items(folder: str, path: str) -> list[Item]:
        rows = tree.mat(path)["annotations"][0]
        return [[f"{folder}/{row['fname'][0]}", int(row["class"][0, 0]) - 1] for row in rows]

    train, val = fifth_to_val(items("cars_train", "devkit/cars_train_annos.mat"))
    return classes, train, val, items("cars_test", "cars_test_annos_withlabels.mat")


def flowers(tree: Tree) -> Split:
    groups: dict[int, list[str]] = {}
    parts: Parts = ([], [], [])
    for place, label in enumerate(tree.mat("imagelabels.mat")["labels"][0]):
        groups.setdefault(int(label), []).append(f"image_{str(place + 1).zfill(5)}.jpg")
    for label, items in groups.items():
        half_fifth_rest(items, label - 1, parts)
    names = json.loads(tree.text("cat_to_name.json"))
    return [names[str(place + 1)] for place in range(len(names))], *parts


def aircraft(tree: Tree) -> Split:
    classes = [line.strip() for line in tree.text("variants.txt").splitlines()]

    def items(part: str) -> list[Item]:
        lines = [line.strip().split(" ") for line in tree.text(f"images_variant_{part}.txt").splitlines()]
        return [[words[0] + ".jpg", classes.index(" ".join(words[1:]))] for words in lines]

    return classes, items("train"), items("val"), items("test")


def scenes(tree: Tree) -> Split:
    paths = [line.strip()[1:] for line in tree.text("ClassName.txt").splitlines()]

    def items(name: str) -> list[Item]:
        lines = [line.strip()[1:] for line in tree.text(name).splitlines()]
        return [[line, paths.index(os.path.dirname(line))] for line in lines]

    train, val = fifth_to_val(items("Training_01.txt"))
    return [" ".join(path.split("/")[1:][::-1]) for path in paths], train, val, items("Testing_01.txt")


def actions(tree: Tree) -> Split:
    def spaced(name: str) -> str:
        return "_".join(re.findall("[A-Z][^A-Z]*", name))

    lines = [line.strip().split(" ") for line in tree.text("ucfTrainTestlist/classInd.txt").splitlines()]
    labels = {name: int(number) - 1 for number, name in lines}

    def items(part: str) -> list[Item]:
        found = []
        for line in tree.text(f"ucfTrainTestlist/{part}list01.txt").splitlines():
            action, name = line.strip().split(" ")[0].split("/")
            found.append([f"{spaced(action)}/{name.replace('.avi', '.jpg')}", labels[action]])
        return found

    train, val = fifth_to_val(items("train"))
    return classes_of({label: spaced(name) for name, label in labels.items()}), train, val, items("test")


def words(tree: Tree) -> dict[str, str]:
    lines = [line.strip().split(" ") for line in tree.text("classnames.txt").splitlines()]
    return {line[0]: " ".join(line[1:]) for line in lines}


def listed(tree: Tree, base: str, place: str, numbers: list[str]) -> list[Item]:
    return [
        [f"{place}{number}/{name}", label]
        for label, number in enumerate(numbers)
        for name in tree.images(f"{base}/{number}")
    ]


def imagenet(tree: Tree) -> Split:
    names = words(tree)
    numbers = tree.names("images/train", "folders")
    assert numbers == tree.names("images/val", "folders")
    return (
        [names[n] for n in numbers],
        listed(tree, "images/train", "train/", numbers),
        [],
        listed(tree, "images/val", "val/", numbers),
    )


def shift(tree: Tree, images: str) -> tuple[Any, ...]:
    names = words(tree)
    numbers = tree.names(images, "folders")
    return (
        [names[n] for n in numbers],
        [],
        [],
        listed(tree, images, "", numbers),
        [sorted(names).index(n) for n in numbers],
    )


def numbered(tree: Tree, images: str) -> tuple[Any, ...]:
    names = words(tree)
    numbers = [str(label) for label in range(len(names))]
    return list(names.values()), [], [], listed(tree, images, "", numbers), list(range(len(names)))


# The made-up trees.


def class_folders(folder: str, images: str, classes: dict[str, int]) -> Tree:
    tree = Tree(folder)
    for name, count in classes.items():
        for place in range(count):
            tree.add(f"{images}/{name}/image_{place + 1:04d}.jpg")
    return tree


odd = {
    "airplanes": 9,
    "Faces": 25,
    "Faces_easy": 4,
    "BACKGROUND_Google": 3,
    "Leopards": 4,
    'it\'s "odd"': 5,
    "two words": 15,
    "\U0001f406 caf\u00e9": 7,
}
caltech = class_folders("caltech-101", "101_ObjectCategories", odd)
for name in [
    "IMAGE.JPG",
    "no suffix",
    "a,b;c.jpeg",
    "z\u0301.png",
    "\u017a.png",
    "Photo (1).PNG",
    "weird.xyz",
    ".hidden.jpg",
    "Thumbs.db",
    "notes.TXT",
]:
    caltech.add(f"101_ObjectCategories/two words/{name}")
caltech.add("101_ObjectCategories/.git/x.jpg")
caltech.add("101_ObjectCategories/airplanes/more/nested.jpg")
caltech.add("101_ObjectCategories/readme.txt", "not a class\n")

flowers_tree = Tree("oxford_flowers")
labels = [3, 3, 1, 1, 3, 2, 2, 1, 2, 3, 2, 1, 1, 3, 3, 2, 1, 2, 2, 2]
flowers_tree.add("imagelabels.mat", mat_bytes({"labels": np.array([labels], dtype=np.uint8)}, do_compression=True))
flowers_tree.add(
    "cat_to_name.json",
    json.dumps({"2": "hard-leaved pocket orchid", "1": "pink primrose", "3": "bird of paradise \U0001f426"}),
)

pets_tree = Tree("oxford_pets")
breeds = {"Abyssinian": 7, "american_bulldog": 5, "Maine_Coon": 13, "O'Neill \u00c9".replace(" ", "-"): 3}
for part, extra in (("trainval", 0), ("test", 2)):
    lines = [
        f"{breed}_{place + 100 * extra} {label + 1} 1 {label + 1}"
        for label, (breed, count) in enumerate(breeds.items())
        for place in range(count + extra)
    ]
    if extra == 0:
        lines = lines[9:] + lines[:9]
    pets_tree.add(f"annotations/{part}.txt", "\r\n".join(lines) + "\r\n")

cars_tree = Tree("stanford_cars")
car_names = [
    "AM General Hummer SUV 2000",
    "Ram C/V Cargo Van Minivan 2012",
    "smart fortwo 2012",
    "Citro\u00ebn 2CV  1990",
]
cells = np.empty((1, len(car_names)), dtype=object)
cells[0, :] = car_names
cars_tree.add("devkit/cars_meta.mat", mat_bytes({"class_names": cells}, do_compression=True))
for path, pattern, compress in (
    ("devkit/cars_train_annos.mat", [4, 1, 2, 2, 3, 1, 4, 4, 3, 2, 1, 3, 3, 3, 1, 2, 4, 3], True),
    ("cars_test_annos_withlabels.mat", [2, 2, 4, 1, 3], False),
):
    rows = np.zeros((1, len(pattern)), dtype=[("bbox_x1", "O"), ("bbox_y1", "O"), ("class", "O"), ("fname", "O")])
    for place, number in enumerate(pattern):
        rows[0, place] = (np.uint16(39 + place), np.uint8(116), np.uint8(number), f"{place + 1:05d}.jpg")
    cars_tree.add(path, mat_bytes({"annotations": rows}, do_compression=compress))

aircraft_tree = Tree("fgvc_aircraft")
variants = ["707-320", "Boeing 717", "F/A-18", "DH-82", 'An-12 "Cub"']
aircraft_tree.add("variants.txt", "\n".join(variants) + "\n")
for part, start in (("train", 34309), ("val", 51), ("test", 1025794)):
    lines = [f"{start + 7 * place:07d} {variants[(place * 3 + start) % 5]}" for place in range(11)]
    aircraft_tree.add(f"images_variant_{part}.txt", "\n".join(lines) + ("\n" if part != "val" else ""))

scenes_tree = Tree("sun397")
scene_paths = ["/a/abbey", "/b/balcony/exterior", "/b/balcony/interior", "/s/sky scraper"]
scenes_tree.add("ClassName.txt", "\n".join(scene_paths) + "\n")
for part, count in (("Training", 8), ("Testing", 3)):
    lines = [f"{path}/sun_{place:04x}{part[0].lower()}.jpg" for place in range(count) for path in scene_paths[::-1]]
    scenes_tree.add(f"{part}_01.txt", "\n".join(lines) + "\n")

actions_tree = Tree("ucf101")
action_names = ["ApplyEyeMakeup", "HandstandPushups", "YoYo", "TaiChi"]
actions_tree.add(
    "ucfTrainTestlist/classInd.txt", "".join(f"{place + 1} {name}\r\n" for place, name in enumerate(action_names))
)
for part, count in (("train", 6), ("test", 2)):
    lines = [
        f"{name}/v_{name}_g{group:02d}_c01.avi" + (f" {place + 1}" if part == "train" else "")
        for place, name in enumerate(action_names)
        for group in range(count + place)
    ]
    actions_tree.add(f"ucfTrainTestlist/{part}list01.txt", "\r\n".join(lines) + "\r\n")

NUMBERS = {
    f"n{1440764 + 1009 * place:08d}": name
    for place, name in enumerate(
        [
            "tench",
            "goldfish",
            "great white shark",
            "crane",
            "hen",
            "crane",
            "maillot",
            "maillot",
            "hot dog",
            "cock",
            "yellow lady's slipper",
            "toilet paper",
        ]
    )
}
CLASSNAMES = "".join(f"{number} {name}\n" for number, name in NUMBERS.items())


def words_tree(folder: str, images: str, numbers: Iterable[str], count: int) -> Tree:
    tree = Tree(folder)
    tree.add("classnames.txt", CLASSNAMES)
    for place, number in enumerate(numbers):
        for image in range(count + place % 3):
            tree.add(f"{images}/{number}/{number}_{image * 37}.JPEG")
    return tree


imagenet_tree = words_tree("imagenet", "images/train", NUMBERS, 3)
for wnid in NUMBERS:
    imagenet_tree.add(f"images/val/{wnid}/ILSVRC2012_val_{int(wnid[1:]) % 50000:08d}.JPEG")
imagenet_tree.add("images/train/n01440764/.DS_Store")
imagenet_tree.add("images/train/LOC_train_solution.csv", "ImageId,PredictionString\n")
some = list(NUMBERS)[1::3]
adversarial = words_tree("imagenet-adversarial", "imagenet-a", some, 2)
adversarial.add("imagenet-a/README.txt", "about it\n")
rendition = words_tree("imagenet-rendition", "imagenet-r", list(NUMBERS)[::2], 2)
sketch = words_tree("imagenet-sketch", "images", NUMBERS, 1)
version2 = words_tree("imagenetv2", "imagenetv2-matched-frequency-format-val", map(str, range(len(NUMBERS))), 2)

land = {
    "AnnualCrop": "Annual Crop Land",
    "Forest": "Forest",
    "HerbaceousVegetation": "Herbaceous Vegetation Land",
    "Highway": "Highway or Road",
    "Industrial": "Industrial Buildings",
    "Pasture": "Pasture Land",
    "PermanentCrop": "Permanent Crop Land",
    "Residential": "Residential Buildings",
    "River": "River",
    "SeaLake": "Sea or Lake",
}
cases: dict[str, tuple[Tree, Callable[[Tree], tuple[Any, ...]]]] = {
    "caltech101": (
        caltech,
        lambda t: folders(
            t,
            "101_ObjectCategories",
            ("BACKGROUND_Google", "Faces_easy"),
            {"airplanes": "airplane", "Faces": "face", "Leopards": "leopard", "Motorbikes": "motorbike"},
        ),
    ),
    "dtd": (class_folders("dtd", "images", {"banded": 12, "zigzagged": 5, "Grid": 6}), lambda t: folders(t, "images")),
    "food101": (
        class_folders("food-101", "images", {"apple_pie": 10, "cr\u00eape": 8, "waffles": 45}),
        lambda t: folders(t, "images"),
    ),
    "eurosat": (
        class_folders("eurosat", "2750", {name: 5 + place for place, name in enumerate(land)}),
        lambda t: folders(t, "2750", (), land),
    ),
    "oxford_flowers": (flowers_tree, flowers),
    "oxford_pets": (pets_tree, pets),
    "stanford_cars": (cars_tree, cars),
    "fgvc_aircraft": (aircraft_tree, aircraft),
    "sun397": (scenes_tree, scenes),
    "ucf101": (actions_tree, actions),
    "imagenet": (imagenet_tree, imagenet),
    "imagenet_a": (adversarial, lambda t: shift(t, "imagenet-a")),
    "imagenet_r": (rendition, lambda t: shift(t, "imagenet-r")),
    "imagenet_sketch": (sketch, lambda t: shift(t, "images")),
    "imagenetv2": (version2, lambda t: numbered(t, "imagenetv2-matched-frequency-format-val")),
}
trees = []
for name, (tree, rule) in cases.items():
    case: dict[str, Any] = {"dataset": name, "files": list(tree.files.items()), "splits": []}
    for seed in (1, 7):
        random.seed(seed)
        classes, train, val, test, *origin = rule(tree)
        case["splits"].append(
            {
                "seed": seed,
                "classes": classes,
                "train": train,
                "val": val,
                "test": test,
                "origin": origin[0] if origin else None,
            }
        )
    trees.append(case)

# MATLAB files of every kind that SciPy writes, with what SciPy reads back; and such as are to be refused.
row = [[1, 2, 77, 102, 3]]
vectors = {}
for kind in ("uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"):
    for compress in (False, True):
        vectors[f"{kind}{'-compressed' if compress else ''}"] = mat_bytes(
            {"other": np.eye(3), "labels": np.array(row, dtype=kind)}, do_compression=compress
        )
vectors["version 4"] = mat_bytes({"other": np.eye(2), "labels": np.array(row, dtype=float)}, format="4")
vectors["version 4, int32"] = mat_bytes({"labels": np.array(row, dtype=np.int32)}, format="4")
big = struct.pack(">iiiii", 1000, 1, 5, 0, 7) + b"labels\0" + struct.pack(">5d", *row[0])
vectors["version 4, big-endian"] = {"base64": base64.b64encode(big).decode()}
long = np.array([np.random.default_rng(1).integers(1, 103, 3000)], dtype=np.uint8)
vectors["long"] = mat_bytes({"labels": long}, do_compression=True)
read = [
    {
        "name": name,
        **file,
        "values": [int(v) for v in loadmat(io.BytesIO(base64.b64decode(file["base64"])))["labels"][0]],
    }
    for name, file in vectors.items()
]


def refused(name: str, value: Any, file: dict[str, str] | None = None) -> dict[str, str]:
    file = file or mat_bytes({"labels": value})
    return {"name": name, **file}


whole = base64.b64decode(vectors["uint8"]["base64"])
packed = base64.b64decode(vectors["uint8-compressed"]["base64"])
hdf5 = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(116) + bytes(8) + b"\0\2IM" + bytes(384) + b"\x89HDF\r\n\x1a\n"


def raw(content: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(content).decode()}


structs = np.zeros((1, 2), dtype=[("fname", "O")])
structs[0, 0], structs[0, 1] = ("a",), ("b",)
bad = [
    refused("two rows", np.ones((2, 3))),
    refused("a column", np.ones((3, 1))),
    refused("halves", np.array([[1.5]])),
    refused("not finite", np.array([[np.nan]])),
    refused("complex numbers", np.array([[1j]])),
    refused("text", "labels"),
    refused("structures", structs),
    refused("cells", np.array([["a", "b"]], dtype=object)),
    refused("another name", 0, mat_bytes({"label": np.ones((1, 3))})),
    refused("too large", np.array([[1e300]])),
    refused("a truncated file", 0, raw(whole[:-9])),
    refused("half a file", 0, raw(whole[: len(whole) // 2])),
    refused("a truncated compressed file", 0, raw(packed[:-6])),
    refused("a text file", 0, raw(b"labels\n1\n2\n" * 20)),
    refused("version 7.3", 0, raw(hdf5)),
    refused("an HDF5 file", 0, raw(b"\x89HDF\r\n\x1a\n" + bytes(600))),
    refused("an image", 0, raw(b"\xff\xd8\xff\xe0" * 40)),
    refused("a short file", 0, raw(b"MATLAB")),
]

for path, value in ((sys.argv[1], trees), (sys.argv[2], {"read": read, "refused": bad})):
    with open(path, "w") as file:
        json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")
