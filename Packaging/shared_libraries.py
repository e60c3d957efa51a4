"""The shared libraries that a portable installation needs, found from the programs, and put into one folder.

Debian's files are copied as they are, with three exceptions: OpenBLAS is linked from Debian's archive with the routines
and kernels that the tools use; libraries for what the tools never do are replaced by empty ones; and the C library's
loader comes along, so that nothing of the system is used.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from project import output

LOADER = "ld-linux-x86-64.so.2"
OPENBLAS = "libopenblas.so.0"

# Libraries whose functions the tools never call, and the reason. Each becomes a library with the functions that the
# others ask for, which return 0 or the value in RESULTS.
ABSENT = {
    "libcurl.so.4": "HDF5's driver for S3, which the tools never open",
    "libx265.so.199": "libheif's encoder of HEVC",
    "libaom.so.3": "encoders and a second decoder of AV1 in libavif and libheif; dav1d decodes",
    "libgav1.so.1": "libavif's third decoder of AV1",
    "librav1e.so.0": "libavif's encoder of AV1",
    "libSvtAv1Enc.so.1": "libavif's encoder of AV1",
    "libOpenCL.so.1": "oneDNN on GPUs",
    "libxml2.so.2": "libarchive's reader of xar",
    "libacl.so.1": "libarchive's access lists on disk",
    "libnettle.so.8": "libarchive's encrypted and mtree archives",
    "liblz4.so.1": "libarchive's filter for lz4",
    "libjbig.so.0": "JBIG in TIFF: the library has the GPL",
}
# Where 0 would mean success: a TIFF image compressed with JBIG is then refused as unreadable.
RESULTS = {"jbg_dec_in": -1}

# What the tools look up in OpenBLAS (Sources/Kernels), and the kernels that stand in for those of other processors. The
# tools name the kernels themselves; the others are chosen only by a user's OPENBLAS_CORETYPE.
OPENBLAS_FUNCTIONS = [
    *"cblas_sgemm cblas_dgemm strsm_ dtrsm_ spotrf_ dpotrf_ ssyevd_ dsyevd_".split(),
    *"openblas_set_num_threads openblas_get_config openblas_get_corename".split(),
]
OPENBLAS_STAND_INS = {
    "SANDYBRIDGE": "PRESCOTT CORE2 PENRYN DUNNINGTON NEHALEM OPTERON OPTERON_SSE3 BARCELONA BOBCAT ATOM NANO".split(),
    "HASWELL": "BULLDOZER PILEDRIVER STEAMROLLER EXCAVATOR".split(),
}


class MissingLibrary(RuntimeError):
    """A library that a program needs and this machine lacks."""


@dataclass
class Collection:
    """The libraries of a portable installation, by the names that programs ask for."""

    copied: dict[str, Path] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)


def needed(file: Path) -> list[str]:
    """The libraries that a program or library asks for."""
    return re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "-dW", file))


def system_libraries() -> dict[str, Path]:
    """The file of each library that the system's loader knows, by name."""
    found: dict[str, Path] = {}
    for line in output("/sbin/ldconfig", "-p").splitlines():
        match = re.match(r"\s+(\S+) \(libc6,x86-64.*\) => (\S+)", line)
        if match:
            found.setdefault(match[1], Path(match[2]).resolve())
    return found


def collect(programs: list[Path]) -> Collection:
    """The libraries that the programs need, directly or through others."""
    known = system_libraries()
    collection = Collection()
    open_files = list(programs)
    while open_files:
        for name in needed(open_files.pop()):
            if name in ABSENT:
                collection.absent.add(name)
            elif name not in collection.copied:
                if name not in known:
                    raise MissingLibrary(
                        f"{name}: found no such library, expected it on this machine; run scripts/setup"
                    )
                collection.copied[name] = known[name]
                open_files.append(known[name])
    if LOADER not in collection.copied:
        collection.copied[LOADER] = known[LOADER]
    return collection


def stand_in(archive: Path, kernel: str, other: str, work: Path) -> Path:
    """The table of functions of the kernels `kernel` under the name of `other`."""
    name = f"setparam_{kernel}.o"
    subprocess.run(["ar", "x", str(archive), name], cwd=work, check=True)
    table = work / f"setparam_{other}_stand_in.o"
    output("objcopy", "--redefine-sym", f"gotoblas_{kernel}=gotoblas_{other}", work / name, table)
    return table


def make_openblas(folder: Path, work: Path) -> Path:
    """Links OpenBLAS with the routines and kernels that the tools use. Returns the archive that it comes from."""
    archive = Path("/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.a").resolve()
    script = work / "openblas.map"
    script.write_text("{ global: " + " ".join(f"{name};" for name in OPENBLAS_FUNCTIONS) + " local: *; };\n")
    wanted = [f"-Wl,-u,{name}" for name in OPENBLAS_FUNCTIONS]
    tables = [
        stand_in(archive, kernel, other, work) for kernel, others in OPENBLAS_STAND_INS.items() for other in others
    ]
    output(
        *("gcc", "-shared", "-s", "-o", str(folder / OPENBLAS), f"-Wl,-soname,{OPENBLAS}", "-Wl,--gc-sections"),
        *(f"-Wl,--version-script={script}", *wanted, *map(str, tables), str(archive)),
        *("-lpthread", "-lm", "-l:libgfortran.a"),
    )
    return archive


def undefined_symbols(file: Path) -> list[tuple[str, str]]:
    """The symbols that a file takes from others, with their versions, which may be empty."""
    lines = output("nm", "-D", "--undefined-only", "--with-symbol-versions", file).splitlines()
    names = [line.split()[-1] for line in lines]
    return [(name.partition("@")[0], name.rpartition("@")[2] if "@" in name else "") for name in names]


def exported_symbols(file: Path) -> set[str]:
    lines = output("nm", "-D", "--defined-only", file).splitlines()
    return {line.split()[-1].partition("@")[0] for line in lines}


def make_absent(name: str, clients: list[Path], real: Path, folder: Path, work: Path) -> None:
    """Makes a library in the place of `real` with the functions that `clients` take from it."""
    exported = exported_symbols(real)
    symbols = sorted({each for client in clients for each in undefined_symbols(client) if each[0] in exported})
    versions: dict[str, list[str]] = {}
    for symbol, version in symbols:
        versions.setdefault(version, []).append(symbol)
    source = work / f"{name}.c"
    functions = sorted({symbol for symbol, _ in symbols})
    source.write_text(
        "".join(f"long {function}(void) {{ return {RESULTS.get(function, 0)}; }}\n" for function in functions)
    )
    script = work / f"{name}.map"
    script.write_text(
        "".join(
            f"{version} {{ global: {' '.join(f'{each};' for each in names)} }};\n"
            for version, names in sorted(versions.items())
            if version
        )
    )
    versioned = [f"-Wl,--version-script={script}"] if script.read_text() else []
    flags = ["-shared", "-s", "-O1", "-w", "-nostdlib", "-fno-builtin", f"-Wl,-soname,{name}"]
    output("gcc", *flags, *versioned, "-o", folder / name, source)


def install(programs: list[Path], folder: Path, work: Path) -> list[Path]:
    """Fills `folder` with the libraries of the programs. Returns the files on this machine that they come from."""
    folder.mkdir(parents=True)
    archive = make_openblas(folder, work)
    collection = collect([*programs, folder / OPENBLAS])
    for name, file in collection.copied.items():
        shutil.copyfile(file, folder / name)
        (folder / name).chmod(0o755 if name == LOADER else 0o644)
    known = system_libraries()
    clients = [*programs, *(folder / name for name in collection.copied)]
    for name in sorted(collection.absent):
        make_absent(name, clients, known[name], folder, work)
    return [archive, *collection.copied.values()]


def offered_versions(file: Path) -> set[str]:
    """The symbol versions that a library defines."""
    definitions = output("objdump", "-p", file).partition("Version definitions:")[2].partition("Version References:")[0]
    return set(re.findall(r"^\d+ 0x\w+ 0x\w+ (\S+)", definitions, re.MULTILINE))


def missing_versions(programs: list[Path], folder: Path) -> list[str]:
    """The libraries and symbol versions that something in the bundle asks for and nothing in it offers."""
    offered = {file.name: offered_versions(file) for file in folder.iterdir()}
    problems = []
    for file in [*programs, *sorted(folder.iterdir())]:
        problems += [f"{file.name} asks for {name}" for name in needed(file) if name not in offered]
        library = ""
        for line in output("objdump", "-p", file).partition("Version References:")[2].splitlines():
            source = re.match(r"\s+required from (\S+):", line)
            version = re.match(r"\s+0x\w+ 0x\w+ \d+ (\S+)", line)
            library = source[1] if source else library
            if version and version[1] not in offered.get(library, set()):
                problems.append(f"{file.name} asks for {version[1]} of {library}")
    return problems
