"""Writes a list with the absolute paths of this machine."""

from pathlib import Path

folder = Path("in/data").absolute()
folder.mkdir(parents=True)
rows = "".join(f"{folder}/{name}/{number}.jpg\t{name}\n" for name in ("cat", "dog") for number in range(3))
Path("in/items.csv").write_text("filepath\tlabel\n" + rows)
Path("in/outside.csv").write_text("filepath\tlabel\n/etc/passwd\tcat\n")
