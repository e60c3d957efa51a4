"""The two archives of a portable installation: a tarball and a wheel, with the same bytes for the same content."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import lzma
import tarfile
import time
import zipfile
from pathlib import Path

# Nothing of the system but the kernel is used, so the oldest names of both families of C libraries hold.
TAG = "py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64"


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())


def is_executable(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o100)


def write_tarball(prefix: Path, name: str, seconds: int, path: Path) -> None:
    """Packs the installation below `prefix` as the folder `name`."""
    with lzma.open(path, "wb", preset=6) as stream, tarfile.open(fileobj=stream, mode="w") as tar:
        for file in files_below(prefix):
            entry = tarfile.TarInfo(f"{name}/{file.relative_to(prefix)}")
            entry.mtime, entry.size = seconds, file.stat().st_size
            entry.mode = 0o755 if is_executable(file) else 0o644
            with open(file, "rb") as content:
                tar.addfile(entry, content)


class Wheel:
    """A wheel in the making; every entry has the same time, and the record is written last."""

    def __init__(self, path: Path, distribution: str, seconds: int) -> None:
        self.distribution = distribution
        self.time = time.gmtime(max(seconds, 315532800))[:6]  # Zip knows no time before 1980.
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        self.record: list[tuple[str, str, int | str]] = []

    def add(self, name: str, content: bytes, mode: int = 0o644) -> None:
        entry = zipfile.ZipInfo(name, self.time)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = (0o100000 | mode) << 16
        self.zip.writestr(entry, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.record.append((name, f"sha256={digest}", len(content)))

    def close(self) -> None:
        name = f"{self.distribution}.dist-info/RECORD"
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*self.record, (name, "", "")])
        self.add(name, text.getvalue().encode())
        self.zip.close()


def write_wheel(pure: Path, prefix: Path, sbom: Path, seconds: int, folder: Path) -> Path:
    """Joins the Python package's own wheel with the installation below `prefix`.

    Programs become scripts, and the rest the data of the environment: pip puts both below the same prefix.
    """
    distribution = "-".join(pure.name.split("-")[:2])
    path = folder / f"{distribution}-{TAG}.whl"
    wheel = Wheel(path, distribution, seconds)
    with zipfile.ZipFile(pure) as package:
        for name in sorted(package.namelist()):
            content = package.read(name)
            if name.endswith("/RECORD"):
                continue
            if name.endswith("/WHEEL"):
                tags = "".join(f"Tag: py3-none-{platform}\n" for platform in TAG.split("-")[2].split("."))
                content = f"Wheel-Version: 1.0\nGenerator: fewshot make-dist\nRoot-Is-Purelib: false\n{tags}".encode()
            wheel.add(name, content)
    wheel.add(f"{distribution}.dist-info/licenses/LICENSE", (prefix / "share/doc/fewshot/LICENSE").read_bytes())
    wheel.add(f"{distribution}.dist-info/sboms/fewshot.spdx.json", sbom.read_bytes())
    for file in files_below(prefix):
        place = file.relative_to(prefix)
        scheme = "scripts" if place.parts[0] == "bin" else "data"
        rest = Path(*place.parts[1:]) if scheme == "scripts" else place
        mode = 0o755 if is_executable(file) else 0o644
        wheel.add(f"{distribution}.data/{scheme}/{rest}", file.read_bytes(), mode)
    wheel.close()
    return path
