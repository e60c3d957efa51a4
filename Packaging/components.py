"""The foreign works in a portable installation: names, versions, licenses, and their lists for people and programs.

Each library's Debian package has its copyright file, which is copied. The license expressions (SPDX) are in
licenses.json, by source package: a package without one is an error, so that nothing is bundled unread.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from project import output

HERE = Path(__file__).resolve().parent
COMMON = Path("/usr/share/common-licenses")


class UnknownLicense(RuntimeError):
    """A bundled work whose license is not in licenses.json."""


@dataclass(frozen=True, order=True)
class Component:
    """A work that the bundle contains."""

    name: str
    version: str
    license: str
    # The file with its copyright and license.
    notice: Path
    # Its package URL (https://github.com/package-url).
    url: str


def licenses() -> dict[str, str]:
    return json.loads((HERE / "licenses.json").read_text())


def package_of(file: Path) -> str:
    """The Debian package that installed a file."""
    # Since /lib became a link to /usr/lib, packages list their files by either name.
    names = [str(file), str(file).removeprefix("/usr"), f"/usr{file}"]
    for name in names:
        found = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.partition(": ")[0].partition(",")[0]
    raise UnknownLicense(f"{file}: found no Debian package that has it, expected one with a copyright file")


def debian(package: str) -> Component:
    """The source package of a Debian package that is installed."""
    query = "${source:Package} ${source:Version} ${binary:Package} ${Version} ${Architecture}"
    source, version, binary, _, architecture = output("dpkg-query", "-W", f"-f={query}", package).split()
    name = binary.partition(":")[0]
    expression = licenses().get(source)
    if expression is None:
        raise UnknownLicense(f"Packaging/licenses.json: found no {source}, expected its license as an SPDX expression")
    url = f"pkg:deb/debian/{source}@{version}?arch={architecture}"
    return Component(source, version, expression, Path(f"/usr/share/doc/{name}/copyright"), url)


def swift(checkouts: Path, resolved: Path) -> list[Component]:
    """Swift's libraries and the Swift packages that are linked."""
    compiler = Path(output("sh", "-c", "command -v swift").strip()).resolve().parent.parent
    version = re.search(r"Swift version (\S+)", output("swift", "--version"))
    runtime = "Apache-2.0 WITH Swift-exception"
    found = [
        Component(
            "swift",
            version[1] if version else "unknown",
            runtime,
            compiler / "share/swift/LICENSE.txt",
            f"pkg:github/swiftlang/swift@{version[1] if version else ''}",
        )
    ]
    for pin in json.loads(resolved.read_text())["pins"]:
        name = pin["identity"]
        folder = next(each for each in checkouts.iterdir() if each.name.lower() == name)
        notice = next(each for each in sorted(folder.iterdir()) if each.name.startswith("LICENSE"))
        expression = licenses().get(name)
        if expression is None:
            raise UnknownLicense(
                f"Packaging/licenses.json: found no {name}, expected its license as an SPDX expression"
            )
        location = pin["location"].removeprefix("https://github.com/").removesuffix(".git")
        release = pin["state"]["version"]
        found.append(Component(name, release, expression, notice, f"pkg:github/{location}@{release}"))
    return found


def components(files: list[Path], checkouts: Path, resolved: Path) -> list[Component]:
    """The works behind `files` of this machine, and behind what is linked into the programs."""
    packages = {package_of(file) for file in files}
    # The launcher's C library, and inline functions of headers.
    packages |= {"musl-dev", "libxxhash-dev", "libgfortran-12-dev"}
    by_name = {each.name: each for each in sorted(map(debian, sorted(packages)))}
    return sorted([*by_name.values(), *swift(checkouts, resolved)])


def write_notices(found: list[Component], folder: Path) -> None:
    """Copies each work's copyright file to `folder`, the licenses that they refer to, and writes a list."""
    folder.mkdir(parents=True)
    texts = []
    for component in found:
        text = component.notice.read_text(errors="replace")
        (folder / f"{component.name}.txt").write_text(text)
        texts.append(text)
    for name in sorted(set(re.findall(rf"{COMMON}/([\w.-]+\w)", "\n".join(texts)))):
        if (COMMON / name).exists():
            shutil.copyfile(COMMON / name, folder / f"{name}.license.txt")
    rows = [f"| {each.name} | {each.version} | {each.license} | [{each.name}.txt]({each.name}.txt) |" for each in found]
    lines = [
        "# Licenses of what this installation contains",
        "",
        "fewshot itself has the MIT license. Libraries under the LGPL are separate files in libexec/fewshot/lib",
        "and can be replaced; their sources are Debian's source packages of these versions: https://snapshot.debian.org.",
        "",
        "| work | version | license | copyright |",
        "|---|---|---|---|",
        *rows,
    ]
    (folder / "README.md").write_text("\n".join(lines) + "\n")


def identifier(component: Component) -> str:
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", component.name)


def write_sbom(found: list[Component], version: str, seconds: int, path: Path) -> None:
    """Writes the list of works for programs, as SPDX 2.3 in JSON."""
    rows = [[each.name, each.version, each.license] for each in found]
    digest = hashlib.sha256(json.dumps([version, rows]).encode()).hexdigest()
    itself = {
        "SPDXID": "SPDXRef-fewshot",
        "name": "fewshot",
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "licenseConcluded": "MIT",
        "licenseDeclared": "MIT",
        "copyrightText": "NOASSERTION",
        "externalRefs": [reference(f"pkg:pypi/fewshot@{version}")],
    }
    packages = [
        {
            "SPDXID": identifier(each),
            "name": each.name,
            "versionInfo": each.version,
            "downloadLocation": "NOASSERTION",
            "licenseConcluded": each.license,
            "licenseDeclared": each.license,
            "copyrightText": "NOASSERTION",
            "externalRefs": [reference(each.url)],
        }
        for each in found
    ]
    contains = [
        {"spdxElementId": "SPDXRef-fewshot", "relationshipType": "CONTAINS", "relatedSpdxElement": identifier(each)}
        for each in found
    ]
    describes = {
        "spdxElementId": "SPDXRef-DOCUMENT",
        "relationshipType": "DESCRIBES",
        "relatedSpdxElement": "SPDXRef-fewshot",
    }
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"fewshot-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/fewshot-{version}-{digest}",
        "creationInfo": {
            "created": datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: fewshot make-dist"],
        },
        "packages": [itself, *packages],
        "hasExtractedLicensingInfos": [
            {"licenseId": each.license, "extractedText": each.notice.read_text(errors="replace")}
            for each in found
            if each.license.startswith("LicenseRef-")
        ],
        "relationships": [describes, *contains],
    }
    path.write_text(json.dumps(document, indent=2) + "\n")


def reference(url: str) -> dict[str, str]:
    return {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": url}
