#!/usr/bin/env python3
"""Form of the tree: usage tidy.py ROOT [BUILD].

Every tracked text file: no tabs (but where the format wants them), no spaces at line ends, a newline at the end, no
unfinished business, no path of one machine. C++: clang-format, #pragma once, length. With BUILD (a folder with
compile_commands.json) also clang-tidy on the .cpp files that differ from the merge base with the main branch.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

CODE = {".h", ".cpp"}
BINARY = {".gz", ".png", ".zst"}
LENGTH = 600
WIDTH = 120
UNFINISHED = re.compile("TO" + r"DO\b|FIX" + r"ME\b|\bX" + r"XX\b")
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|work|Users|mnt)/[\w.]")
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
MAIN = ("origin/main", "origin/master", "main", "master")


def git(root, *arguments):
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def tracked_files(root):
    listed = git(root, "ls-files", "--cached", "--others", "--exclude-standard")
    if listed is None:  # an unpacked archive: everything but what is built
        names = (str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())
        return sorted(n for n in names if not n.startswith(("build/", ".git/", ".cache/")))
    return sorted(n for n in listed.splitlines() if (root / n).is_file())


def check_text(root, name):
    path = root / name
    if path.suffix in BINARY or name.startswith("tests/fuzz/corpus/"):
        return []
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return [] if name.startswith("tests/") else [f"{name}: not UTF-8"]
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        if path.suffix in CODE and len(line) > WIDTH:
            wrong.append(f"{name}:{number}: {len(line)} characters, {WIDTH} is the limit")
        if line != line.rstrip():
            wrong.append(f"{name}:{number}: spaces at the end of the line")
        if "\t" in line and path.suffix in CODE | {".py", ".cmake", ".yaml", ".md", ".json"}:
            wrong.append(f"{name}:{number}: a tab")
        if name != "LICENSE" and UNFINISHED.search(line):
            wrong.append(f"{name}:{number}: unfinished business belongs into an issue")
        if MACHINE.search(line):
            wrong.append(f"{name}:{number}: a path of one machine")
    if text and not text.endswith("\n"):
        wrong.append(f"{name}: no newline at the end")
    if path.suffix in CODE and name.startswith("src/") and text.count("\n") > LENGTH:
        wrong.append(f"{name}: {text.count(chr(10))} lines, a second noun is hiding")
    if path.suffix == ".h" and "#pragma once" not in text:
        wrong.append(f"{name}: no #pragma once")
    return wrong


def check_format(root, names):
    code = [str(root / n) for n in names if pathlib.Path(n).suffix in CODE]
    wrong = []
    for start in range(0, len(code), 50):
        done = subprocess.run(["clang-format", "--dry-run", "-Werror", *code[start : start + 50]],
                              capture_output=True, text=True)
        wrong += [line.replace(f"{root}/", "") for line in done.stderr.splitlines() if ": error:" in line]
        if done.returncode != 0 and not wrong:
            wrong.append(done.stderr)
    return sorted({line.split(":")[0] + ": clang-format would change it" for line in wrong})


def changed_sources(root):
    """The .cpp files that differ from where this branch left the main one; None if that cannot be said."""
    base = next((b for b in MAIN if git(root, "rev-parse", "--verify", "--quiet", b)), None)
    if base is None:
        return None
    fork = (git(root, "merge-base", base, "HEAD") or "").strip()
    head = (git(root, "rev-parse", "HEAD") or "").strip()
    if fork == head:  # on the main branch itself: what its last commit changed, all of it if it is the first
        fork = "HEAD~1" if git(root, "rev-parse", "--verify", "--quiet", "HEAD~1") else EMPTY_TREE
    names = (git(root, "diff", "--name-only", "--diff-filter=d", fork) or "").splitlines()
    names += (git(root, "ls-files", "--others", "--exclude-standard") or "").splitlines()
    return sorted({n for n in names if n.startswith("src/") and n.endswith(".cpp")})


def run_clang_tidy(root, build, name):
    done = subprocess.run(["clang-tidy", "-p", str(build), "--quiet", str(root / name)], capture_output=True, text=True)
    found = [line.replace(f"{root}/", "") for line in done.stdout.splitlines() if re.search(r": (warning|error):", line)]
    return found if found or done.returncode == 0 else [f"{name}: clang-tidy failed\n{done.stdout}{done.stderr}"]


def check_tidy(root, build):
    changed = changed_sources(root)
    if changed is None:
        print("clang-tidy: no main branch to compare with, nothing checked")
        return []
    compiled = (pathlib.Path(build) / "compile_commands.json").read_text()
    sources = [n for n in changed if str(root / n) in compiled and not n.endswith("_test.cpp")]
    limit = int(os.environ.get("MARGRAVE_TIDY_FILES", "40"))
    print(f"clang-tidy: {min(len(sources), limit)} of {len(sources)} changed files")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [w for found in pool.map(lambda n: run_clang_tidy(root, build, n), sources[:limit]) for w in found]


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    names = tracked_files(root)
    wrong = [w for name in names for w in check_text(root, name)]
    for tool in ("clang-format", "clang-tidy"):
        if not shutil.which(tool):
            wrong.append(f"{tool} is not installed")
    if shutil.which("clang-format"):
        wrong += check_format(root, names)
    if shutil.which("clang-tidy") and len(sys.argv) > 2:
        wrong += check_tidy(root, sys.argv[2])
    print("\n".join(wrong) if wrong else f"{len(names)} files are tidy")
    return 1 if wrong or not names else 0


if __name__ == "__main__":
    sys.exit(main())
