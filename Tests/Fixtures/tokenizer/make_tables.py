"""Writes the tables of Sources/TextCleaning that come from Python's standard library.

    python3 Tests/Fixtures/tokenizer/make_tables.py

The named characters of HTML are html.entities.html5, the code pages are Python's codecs, in which a byte without a
character stands for the control character of its own number, as browsers have it.
"""

import html.entities
import pathlib
import textwrap

folder = pathlib.Path(__file__).resolve().parents[3] / "Sources/TextCleaning"
head = "// Made by Tests/Fixtures/tokenizer/make_tables.py from Python's standard library.\n\n"


def entities() -> str:
    html5 = html.entities.html5
    words = []
    for name in sorted(name for name in html5 if name.endswith(";")):
        legacy = html5.get(name[:-1])
        assert legacy is None or legacy == html5[name], name
        value = "+".join(f"{ord(c):X}" for c in html5[name])
        words.append(f"{name[:-1]}{'=' if legacy is None else '!'}{value}")
    assert all(name.endswith(";") or name + ";" in html5 for name in html5)
    lines = textwrap.wrap(" ".join(words), 112, break_on_hyphens=False)
    body = "\n".join("        " + line for line in lines)
    return (
        head
        + "extension HTMLEntities {\n"
        + "    /// `name=value` with scalars in hexadecimal, or `name!value` for a name that needs no semicolon.\n"
        + f'    static let table = """\n{body}\n        """\n}}\n'
    )


def escaped(c: str) -> str:
    return c if c.isprintable() and not c.isspace() else f"\\u{{{ord(c):X}}}"


def pages() -> str:
    names = {
        "windows1252": "cp1252",
        "windows1251": "cp1251",
        "windows1250": "cp1250",
        "windows1253": "cp1253",
        "windows1254": "cp1254",
        "windows1257": "cp1257",
        "latin2": "iso8859-2",
        "macRoman": "mac-roman",
        "dos437": "cp437",
    }
    lines = []
    for name, codec in names.items():
        characters = [
            chr(b) if c == "\ufffd" else c
            for b, c in ((b, bytes([b]).decode(codec, "replace")) for b in range(128, 256))
        ]
        assert len(set(characters)) == 128
        parts = [""]
        for c in map(escaped, characters):
            if len(parts[-1]) + len(c) > 96:
                parts.append("")
            parts[-1] += c
        parts = [f'"{part}"' for part in parts]
        lines.append(f"    static let {name} =\n        " + "\n        + ".join(parts) + "\n")
    return head + "/// The characters of bytes 128 to 255.\nenum CodePageTable {\n" + "".join(lines) + "}\n"


(folder / "HTMLEntityTable.swift").write_text(entities())
(folder / "CodePageTable.swift").write_text(pages())
