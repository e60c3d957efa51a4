#!/usr/bin/env python3
"""Makes Tests/Fixtures/archives/*.tar, and what CPython reads in them: tars.json.

Run with CPython 3.10 or later and GNU tar: python3 Tests/Fixtures/make_tar_archives.py
"""

import hashlib
import io
import json
import pathlib
import subprocess
import tarfile
import tempfile

FOLDER = pathlib.Path(__file__).parent / "archives"
MEMBERS = [
    ("./dog/1.jpg", b"first"),
    ("dog/" + "long" * 40 + ".jpg", b"second" * 100),
    ("cat/übergröße.png", bytes(range(256)) * 3),
    ("cat/1.jpg", b"x" * 512),
    ("flat.webp", b"y"),
]


def write(path: pathlib.Path, form: int, members: list[tuple[str, bytes]]) -> None:
    with tarfile.open(path, "w", format=form) as archive:
        for number, (name, content) in enumerate(members):
            if number == 2:
                folder = tarfile.TarInfo("cat/")
                folder.type = tarfile.DIRTYPE
                archive.addfile(folder)
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if form == tarfile.PAX_FORMAT:
                info.pax_headers = {"comment": "z" * 700}
            archive.addfile(info, io.BytesIO(content))


def write_odd(path: pathlib.Path) -> None:
    """A member twice, an empty one, links, and a sound one behind them."""
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in [("twice.jpg", b"one"), ("twice.jpg", b"other"), ("empty.jpg", b"")]:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name, kind in [("soft.jpg", tarfile.SYMTYPE), ("hard.jpg", tarfile.LNKTYPE)]:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "last.jpg"
            archive.addfile(info)
        info = tarfile.TarInfo("last.jpg")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"last"))


def write_sparse(path: pathlib.Path, form: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/holes.jpg", "wb") as file:
            file.write(b"begin")
            file.seek(1 << 20)
            file.write(b"end")
        pathlib.Path(f"{folder}/whole.jpg").write_bytes(b"whole")
        command = ["tar", "--sparse", f"--format={form}", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"]
        if form == "pax":
            command.append("--pax-option=exthdr.name=%d/pax/%f,delete=atime,delete=ctime,delete=mtime")
        subprocess.run([*command, "-cf", path, "-C", folder, "holes.jpg", "whole.jpg"], check=True)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, form in [("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)]:
        # A name of more than 100 bytes without a slash in it has no place in the oldest form.
        write(FOLDER / f"{name}.tar", form, [m for m in MEMBERS if name != "ustar" or "long" not in m[0]])
    write_odd(FOLDER / "odd.tar")
    write_sparse(FOLDER / "sparse-gnu.tar", "gnu")
    write_sparse(FOLDER / "sparse-pax.tar", "pax")
    found = {}
    for path in sorted(FOLDER.glob("*.tar")):
        with tarfile.open(path) as archive:
            found[path.name] = {
                member.name.removeprefix("./"): {
                    "start": member.offset_data,
                    "size": member.size,
                    "sha256": hashlib.sha256(file.read()).hexdigest(),
                }
                for member in archive
                if member.isreg() and not member.issparse() and member.size and member.name != "twice.jpg"
                if (file := archive.extractfile(member))
            }
    (FOLDER / "tars.json").write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


main()
