#!/usr/bin/env python3
"""Draws the head of a margin report as it looks on a terminal: docs/report.svg, the picture of the README.

Usage: tools/report_picture.py MARGRAVE  (the built command line; run from the project's root)
"""
import html
import os
import re
import subprocess
import sys

LINES = 31
INK = {"1": "#ffffff", "2": "#8b98a5", "31": "#ff7b72", "32": "#56d364", "33": "#e3b341"}
PLAIN = "#d5dbe1"
CHARACTER, LINE = 7.83, 18


def spans(text):
    """(ink, text) pieces of one line with terminal colours."""
    ink, pieces = PLAIN, []
    for piece in re.split(r"(\x1b\[[0-9;]*m)", text):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", piece)
        if code:
            ink = INK.get(code[1], PLAIN)
        elif piece:
            pieces.append((ink, piece))
    return pieces


def main():
    command = [sys.argv[1], "margin", "examples/book.yaml", "--market", "examples/market.yaml", "--recipe", "scenario-grid"]
    run = subprocess.run(command, env={**os.environ, "CLICOLOR_FORCE": "1"}, capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()[:LINES]
    width = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * CHARACTER + 40:.0f}" height="{len(lines) * LINE + 40}" '
           'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="13">',
           '<title>Margin report of the example account</title>',
           '<rect width="100%" height="100%" rx="8" fill="#161b22"/>']
    for row, line in enumerate(lines):
        column = 0
        for ink, piece in spans(line):
            if piece.strip():
                x, y = 20 + column * CHARACTER, 32 + row * LINE
                length = len(piece) * CHARACTER
                weight = ' font-weight="bold"' if ink == "#ffffff" else ""
                out.append(f'<text x="{x:.1f}" y="{y}" fill="{ink}"{weight} textLength="{length:.1f}" xml:space="preserve">'
                           f"{html.escape(piece)}</text>")
            column += len(piece)
    out.append("</svg>\n")
    with open("docs/report.svg", "w", encoding="utf-8") as picture:
        picture.write("\n".join(out))


if __name__ == "__main__":
    main()
