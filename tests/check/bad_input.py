#!/usr/bin/env python3
"""Runs the command line with bad files: usage bad_input.py MARGRAVE ROOT [CASE ...].

The cases are tests/check/bad_input.yaml, where they are described. Each runs in an empty folder with its files written
there; it passes if the exit code is the expected one, standard error has every text it should have, standard output is
empty, no file has appeared that was not there before, and the file that `-o` names is as it was. Then it runs once more
with --json: the exit code must be the same, and standard output must be one error document that says the same.
"""
import concurrent.futures
import gzip
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import yaml

SECONDS = 60


def content_of(recipe, root):
    """The bytes of one file of a case; see the head of bad_input.yaml for what a recipe may be."""
    if isinstance(recipe, str):
        return recipe.encode()
    if "copy" in recipe:
        data = (root / recipe["copy"]).read_bytes()
    elif "hex" in recipe:
        data = bytes.fromhex(recipe["hex"])
    elif "repeat" in recipe:
        data = recipe["repeat"].encode() * recipe["times"]
    elif "noise" in recipe:  # does not shrink when compressed
        data = random.Random(recipe["noise"]).randbytes(recipe["noise"])
    else:
        data = recipe["text"].encode()
    for old, new in recipe.get("replace", {}).items():
        if old.encode() not in data:
            raise ValueError(f"{old!r} is not in the file to be changed")
        data = data.replace(old.encode(), new.encode(), 1)
    data = recipe.get("before", "").encode() + data + recipe.get("after", "").encode()
    if recipe.get("gzip"):
        data = gzip.compress(data, mtime=0)
    return data[: len(data) - recipe.get("cut", 0)]


def run_case(program, root, case):
    """What is wrong with the outcome; empty if nothing is."""
    with tempfile.TemporaryDirectory(prefix="margrave-bad-") as folder:
        folder = pathlib.Path(folder)
        for name, recipe in case.get("files", {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                (folder / name).write_bytes(content_of(recipe, root))
            except (OSError, ValueError) as reason:
                return [f"the file {name} of this case cannot be made: {reason}"]
        for name in case.get("folders", []):
            (folder / name).mkdir()
        words = case["run"].split() if isinstance(case["run"], str) else case["run"]
        command = [program] + [str(word).replace("ROOT", str(root)) for word in words]
        wrong = run_once(command, folder, case, [])
        if case.get("exit", 3) != 2:  # a command line that is not understood has not asked for JSON yet
            wrong += run_once(command + ["--json"], folder, case, ["--json"])
        return wrong


def run_once(command, folder, case, options):
    """What is wrong with one run of a case, with or without --json."""
    kept = folder / "kept.txt"
    if "output" not in case:
        kept.write_text("what was there before")
        command = command + ["-o", kept.name]
    before = sorted(p for p in folder.rglob("*"))
    environment = {**os.environ, "NO_COLOR": "1", "LC_ALL": case.get("locale", "C.UTF-8")}
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, env=environment,
                              input=case.get("stdin", "").encode())
    except subprocess.TimeoutExpired:
        return [f"still running after {SECONDS} s"]
    errors = done.stderr.decode(errors="backslashreplace")
    wrong = []
    if done.returncode != case.get("exit", 3):
        wrong.append(f"exit code {done.returncode}, expected {case.get('exit', 3)}")
    for text in case["says"]:
        if text not in errors:
            wrong.append(f"standard error does not say {text!r}")
    if "--json" in options:
        wrong += wrong_document(done.stdout, errors)
    elif done.stdout:
        wrong.append(f"standard output is not empty: {done.stdout[:200]!r}")
    if sorted(p for p in folder.rglob("*")) != before:
        wrong.append("a file was left behind")
    if "output" not in case and kept.read_text() != "what was there before":
        wrong.append("the output file was changed")
    if wrong:
        wrong.append("standard error was: " + (errors[:600] or "empty"))
    return [f"{' '.join(options)} {line}".strip() for line in wrong]


def wrong_document(output, errors):
    """What is wrong with an error document, beside what standard error says."""
    try:
        document = json.loads(output)
        error = document["error"]
        if document["schema_version"] != 1 or document["kind"] != "error":
            return ["the document is not one of an error"]
        missing = [key for key in ("message", "file", "field", "remedy") if error[key] not in errors]
        return [f"the document's {key} is not what standard error says" for key in missing]
    except (ValueError, KeyError, TypeError) as reason:
        return [f"standard output is no error document ({reason!r}): {output[:200]!r}"]


def main():
    program, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    cases = yaml.safe_load((pathlib.Path(__file__).with_name("bad_input.yaml")).read_text())["cases"]
    names = [case["name"] for case in cases]
    for name in sys.argv[3:]:
        if name not in names:
            sys.exit(f"there is no case {name!r}; there are: {', '.join(names)}")
    if len(set(names)) != len(names):
        sys.exit("two cases have one name")
    chosen = [case for case in cases if not sys.argv[3:] or case["name"] in sys.argv[3:]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda case: run_case(program, root, case), chosen))
    for case, wrong in zip(chosen, outcomes):
        for line in wrong:
            print(f"{case['name']}: {line}")
    failed = sum(1 for wrong in outcomes if wrong)
    print(f"{len(chosen) - failed} of {len(chosen)} bad inputs are refused as they should be")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
