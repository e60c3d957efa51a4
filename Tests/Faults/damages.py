"""Damage to files: to inputs while a command reads them, and to outputs of a killed command before the next one."""

import glob
import pathlib
import random

from disturbances import Outcome, Site


def damage(path: pathlib.Path, generator: random.Random) -> str:
    """Damages a file in one of the usual ways, and returns the name of the damage."""
    path = pathlib.Path(path)
    content = bytearray(path.read_bytes())
    kind = generator.choice(("bit", "bit", "cut", "empty", "zeros", "more", "gone"))
    if not content and kind in ("bit", "cut", "zeros"):
        kind = "more"
    if kind == "bit":
        content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
    elif kind == "cut":
        del content[generator.randrange(len(content)) :]
    elif kind == "empty":
        content.clear()
    elif kind == "zeros":
        start = generator.randrange(len(content))
        content[start : start + 512] = bytes(min(512, len(content) - start))
    elif kind == "more":
        content += generator.randbytes(generator.randint(1, 4096))
    # By a rename, so that existing mappings do not change.
    if kind == "gone":
        path.unlink()
    else:
        beside = path.with_name(path.name + "-damaged")
        beside.write_bytes(content)
        beside.rename(path)
    return kind


def damaged_input(site: Site) -> Outcome:
    """Damages an input while a command runs, and restores it afterwards."""
    patterns = site.work.inputs
    if not patterns:
        return damaged_left(site)
    names = sorted(glob.glob(site.random.choice(patterns)))
    path = pathlib.Path(site.random.choice(names))
    whole = path.read_bytes()
    kind = damage(path, site.random)
    try:
        # Damage is reported as wrong data, as a missing file or as no permission.
        ended = site.running().end({0, 65, 66, 73, 78}, f"{kind} in {path}")
    finally:
        beside = path.with_name(path.name + "-mended")
        beside.write_bytes(whole)
        beside.rename(path)
    site.damaged.append(f"{kind} in the input {path.name}")
    return f"damaged input ({kind})", [ended]


def damaged_left(site: Site) -> Outcome:
    """Damages a file in the output, whether it is finished or not."""
    names = sorted(str(path) for path in site.output.rglob("*") if path.is_file())
    if not names:
        return "", []
    path = pathlib.Path(site.random.choice(names))
    kind = damage(path, site.random)
    site.damaged.append(f"{kind} in {path}")
    # The command reports the damage, or makes the file again.
    ended = site.running().end({0, 65, 66, 73}, f"{kind} in {path}")
    return f"damaged output ({kind})", [ended]


DAMAGES = [damaged_input] * 3 + [damaged_left] * 4
