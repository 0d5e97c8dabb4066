#!/usr/bin/env python3
"""Holds the folders of src/ to src/layers.txt: usage layers.py SRC.

An #include "x/..." may name the file's own folder or one that the list allows; a folder may allow only folders listed
before it, so no cycle can be written; every folder with sources is in the list; third-party headers stay out of our
headers, but for tl/expected.hpp in base/result.h. A venue has a name in dialect/ alone: what others do is data. The command
line may call dialect/ by the names that its functions have.
"""
import pathlib
import re
import sys

OURS = re.compile(r'\s*#\s*include\s*"([a-z_]+)/')
FOREIGN = re.compile(r"\s*#\s*include\s*<([^>]+)>")
STANDARD = re.compile(r"[a-z_0-9]+")  # <vector>, <cstdint>: a header of another project has a folder or an ending
VENUE = re.compile(r"lyra|deribit|okx|binance|bybit|paradex|hyperliquid|dydx|opyn|\baevo|bitcom|dederi|ccxt|\bmango|\b(?-i:Derive)\b", re.IGNORECASE)


def read_layers(path):
    """folder -> folders it may include, and what is wrong with the list itself."""
    allowed, wrong = {}, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        folder, _, names = line.partition(":")
        for name in names.split():
            if name not in allowed:
                wrong.append(f"{path}:{number}: {folder} names {name}, which does not stand above it")
        allowed[folder.strip()] = set(names.split())
    return allowed, wrong


def check_file(file, folder, allowed):
    wrong = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        ours = OURS.match(line)
        if ours and ours[1] != folder and ours[1] not in allowed[folder]:
            wrong.append(f"{file}:{number}: {folder} may not include {ours[1]}")
        foreign = FOREIGN.match(line)
        if foreign and file.suffix == ".h" and not STANDARD.fullmatch(foreign[1]) and foreign[1] != "immintrin.h":
            if not (foreign[1] == "tl/expected.hpp" and file.name == "result.h"):
                wrong.append(f"{file}:{number}: <{foreign[1]}> belongs into a .cpp file")
        venue = VENUE.search(line)
        if venue and folder not in {"dialect", "cli"} and not file.name.endswith("_test.cpp"):
            wrong.append(f"{file}:{number}: {venue[0]} is a venue's name, which belongs into dialect/ or into data")
    return wrong


def main():
    root = pathlib.Path(sys.argv[1])
    allowed, wrong = read_layers(root / "layers.txt")
    files = sorted(p for p in root.rglob("*") if p.suffix in {".h", ".cpp"})
    for file in files:
        folder = file.relative_to(root).parts[0]
        if folder in allowed:
            wrong += check_file(file, folder, allowed)
        else:
            wrong.append(f"{file}: folder {folder} is not in layers.txt")
    print("\n".join(wrong) if wrong else f"{len(files)} files in {len(allowed)} folders keep to their layers")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
