"""Damage to files: inputs while a command may read them, and what a killed one has left, before the next one finds it."""

import glob
import pathlib

from disturbances import Ended


def damage(path, generator):
    """Changes a file in one of the ways in which files are found changed; says which."""
    path = pathlib.Path(path)
    content = bytearray(path.read_bytes())
    kind = generator.choice(("bit", "bit", "cut", "empty", "zeros", "more", "gone"))
    if not content and kind in ("bit", "cut", "zeros"):
        kind = "more"
    if kind == "bit":
        content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
    elif kind == "cut":
        del content[generator.randrange(len(content)):]
    elif kind == "empty":
        content.clear()
    elif kind == "zeros":
        start = generator.randrange(len(content))
        content[start:start + 512] = bytes(min(512, len(content) - start))
    elif kind == "more":
        content += generator.randbytes(generator.randint(1, 4096))
    # Beside it and renamed: what is mapped elsewhere stays as it is.
    if kind == "gone":
        path.unlink()
    else:
        beside = path.with_name(path.name + "-damaged")
        beside.write_bytes(content)
        beside.rename(path)
    return kind


def damaged_input(site):
    """An input that is damaged while a command runs, and mended afterwards."""
    patterns = site.work.inputs
    if not patterns:
        return damaged_left(site)
    names = sorted(glob.glob(site.random.choice(patterns)))
    path = pathlib.Path(site.random.choice(names))
    whole = path.read_bytes()
    kind = damage(path, site.random)
    try:
        # What is damaged is wrong data, not there, or no permission; for a mapped file nothing else is known.
        ended = site.running().end({0, 65, 66, 73, 78}, f"{kind} in {path}")
    finally:
        beside = path.with_name(path.name + "-mended")
        beside.write_bytes(whole)
        beside.rename(path)
    site.damaged.append(f"{kind} in the input {path.name}")
    return f"damaged input ({kind})", [ended]


def damaged_left(site):
    """Something in the output is damaged: unfinished or complete, of this work or of what it started from."""
    names = sorted(str(path) for path in site.output.rglob("*") if path.is_file())
    if not names:
        return "", []
    path = site.random.choice(names)
    kind = damage(path, site.random)
    site.damaged.append(f"{kind} in {path}")
    # Whoever finds it names it, or makes it again.
    ended = site.running().end({0, 65, 66, 73}, f"{kind} in {path}")
    return f"damaged output ({kind})", [ended]


DAMAGES = [damaged_input] * 3 + [damaged_left] * 4
