#!/usr/bin/env python3
"""Writes the pictures of README.md and CONTRIBUTING.md: pipeline and architecture, each in light and dark colors.

Usage:
    python3 docs/images/make_images.py
"""

import pathlib

FOLDER = pathlib.Path(__file__).parent
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
MONOSPACE = "ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace"
COLORS = {
    "light": dict(text="#1f2328", quiet="#59636e", line="#818b98", box="#ffffff", edge="#d1d9e0",
                  data="#f0f6ff", data_edge="#7fb0ee", tool="#0a58ca", kernel="#eefaf0", kernel_edge="#76c08a",
                  row="#f6f8fa"),
    "dark": dict(text="#f0f6fc", quiet="#9ca6b2", line="#7d8590", box="#161b22", edge="#3d444d",
                 data="#12233d", data_edge="#3f6fb5", tool="#79b8ff", kernel="#12261a", kernel_edge="#3b7d50",
                 row="#0d1117"),
}  # fmt: skip


class Picture:
    def __init__(self, width: int, height: int, label: str, colors: dict[str, str]) -> None:
        self.colors = colors
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" aria-label="{label}" font-family="{FONT}">',
            f'<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'orient="auto-start-reverse"><path d="M0 0.5 L7.5 4 L0 7.5 z" fill="{colors["line"]}"/></marker></defs>',
        ]

    def box(self, x: float, y: float, width: float, height: float, fill: str = "box", edge: str = "edge") -> None:
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="7" '
            f'fill="{self.colors[fill]}" stroke="{self.colors[edge]}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: int = 13,
        color: str = "text",
        weight: str = "normal",
        font: str | None = None,
        anchor: str = "middle",
    ) -> None:
        family = f' font-family="{font}"' if font else ""
        self.parts.append(
            f'<text x="{x}" y="{y}" font-size="{size}" fill="{self.colors[color]}" font-weight="{weight}" '
            f'text-anchor="{anchor}"{family}>{words}</text>'
        )

    def arrow(self, x1: float, y1: float, x2: float, y2: float, head: bool = True) -> None:
        end = ' marker-end="url(#head)"' if head else ""
        self.parts.append(
            f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{self.colors["line"]}" stroke-width="1.4"{end}/>'
        )

    def write(self, path: pathlib.Path) -> None:
        path.write_text("\n".join([*self.parts, "</svg>"]) + "\n")


STAGES = [  # title, lines
    ("images", ["a folder per class,", "tar, parquet, lists"]),
    ("split", ["train, val, test:", "*.split.json"]),
    ("features", ["train.h5  val.h5", "test.h5  text.h5"]),
    ("adapters", ["adapter.safetensors", "results.jsonl"]),
    ("report", ["report.html,", "tables, TensorBoard"]),
]
TOOLS = ["fewshot-split", "fewshot-features", "fewshot-train", "fewshot-report"]
WIDTH, GAP, TOP, HEIGHT = 140, 76, 74, 84


def pipeline(colors: dict[str, str]) -> Picture:
    def left(stage: int) -> int:
        return 8 + stage * (WIDTH + GAP)

    def middle(stage: int) -> float:
        return left(stage) + WIDTH / 2

    picture = Picture(1020, 236, "From images to a split, to features, to adapters, to a report", colors)
    for stage, (title, lines) in enumerate(STAGES):
        picture.box(left(stage), TOP, WIDTH, HEIGHT, "data", "data_edge")
        picture.text(middle(stage), TOP + 26, title, 16, weight="600")
        for number, line in enumerate(lines):
            picture.text(middle(stage), TOP + 49 + 18 * number, line, 12, "quiet")
    for stage, tool in enumerate(TOOLS):
        end = left(stage + 1)
        picture.arrow(end - GAP + 4, TOP + HEIGHT / 2, end - 4, TOP + HEIGHT / 2)
        picture.arrow(end - GAP / 2, 46, end - GAP / 2, TOP + HEIGHT / 2, head=False)
        picture.text(end - GAP / 2, 38, tool, 13, "tool", "600", MONOSPACE)
    picture.text(left(2) - GAP / 2, 16, "once: encodes every image and prompt", 12, "quiet")
    picture.text(left(3) - GAP / 2 + 20, 16, "many times: seconds per adapter", 12, "quiet", anchor="start")
    for stage, lines in (
        (1, ["CLIP weights,", "class names, prompts"]),
        (2, ["your own features:", ".npy, .pt, .safetensors"]),
    ):
        x = left(2) - GAP / 2 if stage == 1 else middle(2)
        below = TOP + HEIGHT
        picture.arrow(x, below + 38, x, (below if stage == 2 else TOP + HEIGHT / 2) + 5)
        for number, line in enumerate(lines):
            anchor, place = ("end", x + 30) if stage == 1 else ("start", x - 24)
            picture.text(place, below + 54 + 16 * number, line, 12, "quiet", anchor=anchor)
    picture.arrow(middle(3), TOP + HEIGHT + 4, middle(3), TOP + HEIGHT + 38)
    picture.text(middle(3), TOP + HEIGHT + 54, "predict images,", 12, "quiet")
    picture.text(middle(3), TOP + HEIGHT + 70, "load in PyTorch", 12, "quiet")
    return picture


ROWS = [("tools", 16, 60), ("pipelines", 92, 60), ("domain", 168, 112), ("data,", 296, 60), ("foundation", 372, 60)]
# Name: left edge, top, width, kind.
MODULES = {
    "fewshot-split": (120, 24, 180, "tool"), "fewshot-features": (316, 24, 180, "tool"),
    "fewshot-train": (512, 24, 180, "tool"), "fewshot-report": (708, 24, 180, "tool"),
    "Drawing": (120, 100, 180, ""), "Extraction": (316, 100, 180, ""), "Studies": (572, 100, 120, ""),
    "Reporting": (708, 100, 180, ""),
    "SplitImport": (120, 174, 104, "small"), "SplitExport": (120, 209, 104, "small"),
    "SplitCheck": (120, 244, 104, "small"),
    "Splits": (246, 202, 90, ""), "CLIP": (356, 202, 140, "kernel"), "FeatureStore": (538, 202, 140, ""),
    "Adapter": (728, 202, 160, "kernel"),
    "Archives": (120, 304, 88, ""), "Catalog": (246, 304, 84, ""), "Images": (338, 304, 74, ""),
    "TextCleaning": (420, 304, 110, ""),
    "TensorFiles": (538, 304, 140, ""), "Kernels": (728, 304, 160, "kernel"),
    "Core": (120, 380, 768, ""),
}  # fmt: skip
EDGES = [  # user, used: the ones that say what the design is; all are in the table of CONTRIBUTING.md
    ("Splits", "Catalog"), ("Extraction", "Splits"), ("Extraction", "CLIP"), ("Extraction", "FeatureStore"),
    ("Studies", "FeatureStore"), ("Studies", "Adapter"), ("Studies", "Splits"), ("Reporting", "Studies"),
    ("CLIP", "Images"), ("CLIP", "TextCleaning"), ("CLIP", "TensorFiles"), ("CLIP", "Kernels"),
    ("FeatureStore", "TensorFiles"), ("Adapter", "TensorFiles"), ("Adapter", "Kernels"),
]  # fmt: skip


def architecture(colors: dict[str, str]) -> Picture:
    def tall(name: str) -> int:
        return 30 if MODULES[name][3] == "small" else 44

    picture = Picture(
        910, 446, "Modules in five rows, tools above and Core below; a row uses the rows below it", colors
    )
    for label, top, height in ROWS:
        picture.box(8, top, 894, height, "row", "row")
        for number, word in enumerate([label, "numerics"] if label.endswith(",") else [label]):
            shift = 0 if not label.endswith(",") else -8
            picture.text(20, top + height / 2 + 5 + shift + 17 * number, word, 13, "quiet", anchor="start")
    for user, used in EDGES:
        x1, y1, width1, _ = MODULES[user]
        x2, y2, width2, _ = MODULES[used]
        if y1 == y2:
            picture.arrow(x1, y1 + 22, x2 + width2 + 2, y2 + 22)
        else:
            picture.arrow(x1 + width1 / 2, y1 + tall(user), x2 + width2 / 2, y2 - 2)
    for name, (x, y, width, kind) in MODULES.items():
        fill, edge = {"tool": ("data", "data_edge"), "kernel": ("kernel", "kernel_edge")}.get(kind, ("box", "edge"))
        picture.box(x, y, width, tall(name), fill, edge)
        picture.text(
            x + width / 2,
            y + tall(name) / 2 + 5,
            name,
            13 if kind in ("tool", "small") else 14,
            "tool" if kind == "tool" else "text",
            "600",
            MONOSPACE if kind == "tool" else None,
        )
    return picture


for scheme, colors in COLORS.items():
    pipeline(colors).write(FOLDER / f"pipeline-{scheme}.svg")
    architecture(colors).write(FOLDER / f"architecture-{scheme}.svg")
