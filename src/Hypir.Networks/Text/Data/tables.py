"""Writes the text tables beside this file from Python's own copies of the Unicode Character Database and of the HTML standard's entity list."""
import html.entities
import os
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))


def write(name, lines):
    with open(os.path.join(HERE, name), "w", encoding="utf-8", newline="\n") as f:
        f.write("\n".join(lines) + "\n")


def points(text):
    return " ".join(f"{ord(c):04X}" for c in text)


def normalization():
    """Combining classes: `c <class> <first>[-<last>]`; canonical decompositions: `d <code> <one or two codes>`, `x` where NFC never recomposes it."""
    lines, start = [f"# Unicode {unicodedata.unidata_version}: combining classes (c), canonical decompositions (d; x: excluded from composition)"], 0
    for code in range(1, sys.maxunicode + 2):
        before = unicodedata.combining(chr(start))
        if code > sys.maxunicode or unicodedata.combining(chr(code)) != before:
            if before:
                lines.append(f"c {before} {start:04X}" + (f"-{code - 1:04X}" if code - 1 > start else ""))
            start = code
    for code in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(code))
        if parts and not parts.startswith("<"):
            recomposed = unicodedata.normalize("NFC", chr(code)) == chr(code)
            lines.append(f"{'d' if recomposed else 'x'} {code:04X} {parts}")
    write("normalization.txt", lines)


def entities():
    """`<name without & and ;> <codes>`: all names, and the wholly lower-case ones in capitals too where that is no name of its own."""
    known = {name[:-1]: text for name, text in html.entities.html5.items() if name.endswith(";")}
    # A capital name that begins with a name valid without its semicolon ("&LTX;") would already mean something else.
    bare = {name for name in html.entities.html5 if not name.endswith(";")}
    for name, text in list(known.items()):
        capital = name.upper()
        if name == name.lower() and capital not in known and not any(capital.startswith(b) for b in bare):
            known[capital] = text.upper()
    write("entities.txt", ["# HTML standard, named character references"] + [f"{n} {points(t)}" for n, t in sorted(known.items())])


def widths():
    """`<code> <codes>`: full-width and half-width forms, and the ideographic space, with their ordinary forms."""
    forms = {0x3000: " "} | {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFFF0)}
    lines = [f"{code:04X} {points(text)}" for code, text in forms.items() if text != chr(code)]
    write("widths.txt", ["# Unicode, Halfwidth and Fullwidth Forms"] + lines)


normalization()
entities()
widths()
