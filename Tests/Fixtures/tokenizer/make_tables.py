"""Writes the tables of Sources/TextCleaning that come from Python's standard library.

    python3 Tests/Fixtures/tokenizer/make_tables.py

The named characters of HTML are html.entities.html5, the code pages are Python's codecs, in which a byte without a
character stands for the control character of its own number, as browsers have it.
"""

import html.entities
import pathlib
import textwrap

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "Sources/TextCleaning/Tables"
# In the order in which ftfy tries them.
CODECS = {
    "latin1": "latin-1",
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


def entities() -> str:
    """Words `name=value` with scalars in hexadecimal, or `name!value` for a name that needs no semicolon."""
    html5 = html.entities.html5
    words = []
    for name in sorted(name for name in html5 if name.endswith(";")):
        legacy = html5.get(name[:-1])
        assert legacy is None or legacy == html5[name], name
        value = "+".join(f"{ord(c):X}" for c in html5[name])
        words.append(f"{name[:-1]}{'=' if legacy is None else '!'}{value}")
    assert all(name.endswith(";") or name + ";" in html5 for name in html5)
    return "\n".join(textwrap.wrap(" ".join(words), 120, break_on_hyphens=False)) + "\n"


def pages() -> str:
    """A line per code page: its name, and the scalars of bytes 128 to 255 in hexadecimal."""
    lines = []
    for name, codec in CODECS.items():
        decoded = [(byte, bytes([byte]).decode(codec, "replace")) for byte in range(128, 256)]
        scalars = [byte if character == "\ufffd" else ord(character) for byte, character in decoded]
        assert len(set(scalars)) == 128
        lines.append(" ".join([name, *(f"{scalar:X}" for scalar in scalars)]))
    return "\n".join(lines) + "\n"


(FOLDER / "entities.txt").write_text(entities())
(FOLDER / "code_pages.txt").write_text(pages())
