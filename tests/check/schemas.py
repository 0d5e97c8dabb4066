#!/usr/bin/env python3
"""Documents against their JSON Schemas, and reports against arithmetic: usage schemas.py MARGRAVE ROOT.

1. Every schema is a valid schema, and `margrave schema NAME` prints it.
2. Every example and every recipe validates; spoiled ones do not.
3. Reports of the command line validate: full and brief, complete and incomplete, with an account that fails.
4. In every report, by exact decimals: a sum is the sum of its parts, a maximum the largest, a scaled part the product
   rounded up; groups and contributions sum to their amount; excess = equity - requirement; equity is what positions and
   balances come to, within the roundings of its parts.
5. Every other document validates too: explanations, which say the same as the report, prices, surfaces, conformance,
   doctor, errors and, where they are built, rows of the benchmark.
"""
import copy
import csv
import decimal
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

D = decimal.Decimal
decimal.getcontext().prec = 120
UNIT = D("1e-9")


class Loader(yaml.SafeLoader):
    """YAML 1.2's core types only, as Margrave reads them: a time is text, yes and on are text, 1e-12 is a number."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(~|null|)$"), ["~", "n", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), ["t", "f"])
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?$"),
                             list("-+0123456789"))
# PyYAML's own constructors know 1_000 and octal; these are plain.
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))
Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(loader.construct_scalar(node)))

found = []


def expect(good, text):
    if not good:
        found.append(text)


class Project:
    def __init__(self, program, root):
        self.program, self.root = program, root
        self.schemas = {p.name.split(".")[0]: json.loads(p.read_text()) for p in sorted((root / "schemas").glob("*.json"))}

    def errors(self, schema, document):
        validator = jsonschema.Draft7Validator(self.schemas[schema])
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(document)]

    def run(self, *words, folder=None, exits=(0, 1)):
        done = subprocess.run([self.program, *map(str, words)], cwd=folder or self.root, capture_output=True, text=True, timeout=120)
        expect(done.returncode in exits, f"margrave {' '.join(map(str, words))}: exit code {done.returncode}: {done.stderr[:300]}")
        return done.stdout


def load(path):
    text = path.read_text()
    return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader)


def check_schemas(project):
    listed = project.run("schema").split()
    expect(sorted(listed) == sorted(project.schemas), f"margrave schema lists {listed}")
    for name, schema in project.schemas.items():
        try:
            jsonschema.Draft7Validator.check_schema(schema)
        except jsonschema.SchemaError as reason:
            expect(False, f"schemas/{name}: {reason.message}")
        expect(json.loads(project.run("schema", name)) == schema, f"margrave schema {name} is another schema")


def check_examples(project):
    files = [("book", "examples/book.yaml"), ("market", "examples/market.yaml")]
    for folder, names in (("recipes", "*.yaml"), ("examples", "recipe-*.yaml")):
        files += [("recipe", f"{folder}/{p.name}") for p in sorted((project.root / folder).glob(names))]
    for schema, name in files:
        document = load(project.root / name)
        for error in project.errors(schema, document):
            expect(False, f"{name}: {error}")
        check_refusals(project, schema, name, document)
    rows = chain_rows(project.root / "examples/chain.csv")
    for error in project.errors("chain", rows):
        expect(False, f"examples/chain.csv as JSON: {error}")
    expect(project.errors("chain", {"results": rows}), "a chain without its rows is accepted")
    expect(project.errors("chain", [{**rows[0], "bid_price": "0.1"}]), "a chain with a price in quotes is accepted")
    expect(project.errors("chain", []), "a chain without rows is accepted")
    return rows


def check_refusals(project, schema, name, document):
    """An unknown key at any level, and a number of the wrong type, must be refused by the schema and by the program."""
    spoiled = [("an unknown key", {**document, "colour": "blue"})]
    if schema == "book":
        spoiled.append(("a size that is a number", with_change(document, ["positions", 0, "size"], 10)))
        spoiled.append(("an unknown key of a position", with_change(document, ["positions", 0, "side"], "buy")))
        spoiled.append(("no account", {k: v for k, v in document.items() if k != "account"}))
    if schema == "market":
        spoiled.append(("a negative index", with_change(document, ["underlyings", "BTC", "index"], -1)))
        spoiled.append(("a mark that is a text", with_change(document, ["instruments", 0, "mark"], "much")))
        spoiled.append(("an unknown key of an expiry", with_change(document, ["underlyings", "BTC", "expiries", 0, "spot"], 1)))
        spoiled.append(("a perpetual with a type", with_change(document, ["instruments", -1, "type"], "call")))
    if schema == "recipe":
        component = next(iter(document.get("components", {})), None)
        if component is not None:
            spoiled.append(("an unknown key of a component", with_change(document, ["components", component, "weight"], "1")))
        if "extends" in document:
            spoiled.append(("no version", {k: v for k, v in document.items() if k != "version"}))
            spoiled.append(("a list of parents", {**document, "extends": ["scenario-grid"]}))
        else:
            spoiled.append(("no maintenance level", with_change(document, ["levels"], {"initial": component})))
        if "scenarios" in document:
            sets = next(iter(document["scenarios"]))
            spoiled.append(("an unknown key of a set", with_change(document, ["scenarios", sets, "spots"], ["0"])))
    for what, changed in spoiled:
        expect(project.errors(schema, changed), f"{name} with {what} is accepted by its schema")
        with tempfile.TemporaryDirectory(prefix="margrave-schemas-") as folder:
            path = pathlib.Path(folder) / "document.json"
            path.write_text(json.dumps(changed))
            files = {"book": "examples/book.yaml", "market": "examples/market.yaml", "recipe": "cross-fixed", schema: path}
            project.run("margin", files["book"], "-m", files["market"], "-r", files["recipe"], exits=(3, 4))


def with_change(document, path, value):
    changed = copy.deepcopy(document)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


def chain_rows(path):
    """The recorded chain in the form of the exchange's answer, so that one file tests both readers."""
    rows = []
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            number = lambda key: float(row[key]) if row.get(key) else None
            rows.append({"instrument_name": row["instrument"], "bid_price": number("bid"), "ask_price": number("ask"),
                         "mark_price": number("mark"), "mark_iv": number("mark_iv"),
                         "underlying_price": number("underlying_price"), "estimated_delivery_price": number("index_price"),
                         "creation_timestamp": int(row["t_ms"])})
    return rows


def round_up(value):
    return (value / UNIT).to_integral_value(decimal.ROUND_CEILING) * UNIT


def check_component(where, component):
    """The tree of a level: every amount follows from those below it, exactly."""
    where = f"{where}: {component['component']}"
    amount = D(component["amount_usd"])
    expect(amount >= 0, f"{where} is negative")
    if "groups" in component:
        groups = sum((D(group["amount_usd"]) for group in component["groups"]), D(0))
        expect(groups == amount, f"{where}: groups sum to {groups}, not {amount}")
    if "sum_of" in component:
        parts = sum((D(part["amount_usd"]) for part in component["sum_of"]), D(0))
        expect(parts == amount, f"{where}: parts sum to {parts}, not {amount}")
    if "largest_of" in component:
        parts = {part["component"]: D(part["amount_usd"]) for part in component["largest_of"]}
        expect(max(parts.values()) == amount == parts[component["chosen"]], f"{where}: the largest of {parts} is not {amount}")
    if "scale_of" in component:
        scaled = round_up(D(component["scale_of"]["amount_usd"]) * D(component["by"]))
        expect(scaled == amount, f"{where}: scaled is {scaled}, not {amount}")
    below = component.get("sum_of", []) + component.get("largest_of", [])
    for part in below + ([component["scale_of"]] if "scale_of" in component else []):
        check_component(where, part)


def multiple(amount, of, rounding):
    """How many times one amount is another, to six decimals, as the report writes it; nothing over nothing."""
    if of == 0:
        return None
    return str((amount / of).quantize(D("1e-6"), rounding) + 0)


def check_ratios(where, account):
    """Health factor and leverage follow from equity, requirements and gross notional."""
    equity, gross = D(account["equity_usd"]), account["gross_notional_usd"]
    initial, maintenance = (D(account["levels"][level]["requirement_usd"]) for level in ("initial", "maintenance"))
    health = multiple(equity, maintenance, decimal.ROUND_FLOOR) or ("0.000000" if equity < 0 else None)
    expect(account["health_factor"] == health, f"{where}: the health factor is {account['health_factor']}, not {health}")
    if health is not None and maintenance > 0:
        expect((D(health) >= 1) == account["levels"]["maintenance"]["met"], f"{where}: met, and yet unhealthy")
    ratios = {"effective_leverage": multiple(D(gross), max(equity, D(0)), decimal.ROUND_CEILING),
              "maximum_leverage": multiple(D(gross), initial, decimal.ROUND_FLOOR)}
    for name, ours in ratios.items():
        expect(account[name] == ours, f"{where}: the {name} is {account[name]}, not {ours}")


def check_diversification(where, account):
    """The credit is what the parts need alone less what the account needs, and by one pair the same as the total."""
    of = account["diversification"]
    if "error" in of:
        return
    for level in ("initial", "maintenance"):
        credit = of[level]
        together = D(credit["together_usd"])
        expect(together == D(account["levels"][level]["requirement_usd"]), f"{where}: together is not the {level} requirement")
        alone = D(credit["parts_alone_usd"]) + D(credit.get("balances_alone_usd", "0"))
        expect(D(credit["credit_usd"]) == alone - together, f"{where}: the {level} credit is not alone less together")
        count = len(credit["underlyings"])
        expect(len(credit["pairs"]) == count * (count - 1) // 2, f"{where}: not every pair of underlyings has a credit")


def check_account(where, account):
    where = f"{where}: account {account['account']}"
    if "error" in account:
        return
    equity = D(account["equity_usd"])
    for name, level in account["levels"].items():
        requirement, excess = D(level["requirement_usd"]), D(level["excess_usd"])
        expect(excess == equity - requirement, f"{where}: excess of {name} is not equity - requirement")
        expect(level["met"] == (excess >= 0), f"{where}: {name} is {'met' if level['met'] else 'not met'} at {excess}")
        if name in account:
            expect(D(account[name]["amount_usd"]) == requirement, f"{where}: {name} is not its component")
            check_component(where, account[name])
            contributions = [D(p[f"{name}_contribution_usd"]) for p in account["positions"]]
            contributions.append(D(account[f"balances_{name}_contribution_usd"]))
            expect(sum(contributions) == requirement, f"{where}: contributions to {name} sum to {sum(contributions)}")
    expect(account["complete"] == (account["omissions"] == []), f"{where}: complete, and yet with omissions")
    check_ratios(where, account)
    if "diversification" in account:
        check_diversification(where, account)
    if not isinstance(account["positions"], list):
        return
    expect("diversification" in account, f"{where}: a full report without diversification")
    # A forward adds its unrealised pnl, an option its value; each is rounded once to 1e-9, equity too.
    is_option = lambda name: re.search(r"-[CP]$|^C[0-9]", name)
    parts = [D(p["value_usd" if is_option(p["instrument"]) else "unrealised_pnl_usd"]) for p in account["positions"]]
    parts += [D(balance["value_usd"]) for balance in account["balances"]]
    expect(abs(equity - sum(parts, D(0))) <= UNIT * (len(parts) + 1), f"{where}: equity {equity} is not {sum(parts, D(0))}")


def check_report(project, where, text):
    document = json.loads(text)
    for error in project.errors("report", document):
        expect(False, f"{where}: {error}")
    expect(project.errors("report", {**document, "colour": 1}), f"{where}: an unknown key is accepted")
    for recipe in document["recipes"]:
        for account in recipe["accounts"]:
            check_account(f"{where}: {recipe['recipe']}", account)
    return document


PRESETS = ["isolated-fixed", "cross-fixed", "scenario-grid", "hs-es", "derive-pm2", "okx-pm"]

BOOKS = [
    {"account": "empty"},
    {"account": "collateral", "balances": {"USDC": "1000.000001", "BTC": "-0.00000001", "ETH": "3"}},
    {"account": "cancels", "positions": [{"instrument": "ETH-27MAR26-2700-C", "size": "3"},
                                         {"instrument": "ETH-27MAR26-2700-C", "size": "-3"},
                                         {"instrument": "ETH-26JUN26-4200-P", "size": "-1"}]},
    {"account": "wide", "balances": {"USDC": "79228162514264"},
     "positions": [{"instrument": "SOL-PERP", "size": "900000000000.1", "entry_price": "0.000001"},
                   {"instrument": "BTC-PERPETUAL", "size": "-999999999990", "entry_price": "123456.5"},
                   {"instrument": "BTC-26JUN26-117000-P", "size": "-123456789.1"}]},
]

# A market in which a short call can be worth more than 128 bits of 1e-9 USD hold beside its requirement.
HUGE_MARKET = {
    "as_of": "2026-03-01T08:00:00Z",
    "assets": {"USDC": {"decimals": 6, "usd": 1}, "BTC": {"decimals": 0}},
    "underlyings": {"BTC": {"index": 1.8e10, "expiries": [{"expiry": "2026-03-27T08:00:00Z", "forward": 1.8e10}]}},
    "instruments": [{"name": "C1", "kind": "option", "underlying": "BTC", "settlement": "USDC", "lot": "1", "strike": "1",
                     "expiry": "2026-03-27T08:00:00Z", "type": "call", "vol": 0.5}],
}
HUGE_BOOKS = [{"account": "small", "positions": [{"instrument": "C1", "size": "-1"}]},
              {"account": "fails", "positions": [{"instrument": "C1", "size": "-9223372036854775807"}]}]


def check_reports(project, folder):
    market, bars = project.root / "examples/market.yaml", project.root / "examples/bars"
    recipes = [word for name in PRESETS for word in ("-r", name)]
    full = project.run("margin", "examples/book.yaml", "-m", market, *recipes, "--bars", bars, "--json")
    document = check_report(project, "full", full)
    expect([r["recipe"] for r in document["recipes"]] == PRESETS, "the report is not in the order of the recipes")

    for book in BOOKS:
        path = folder / "book.json"
        path.write_text(json.dumps(book))
        check_report(project, book["account"], project.run("margin", path, "-m", market, *recipes, "--bars", bars, "--json"))

    path.write_text(json.dumps({"accounts": BOOKS}))
    brief = check_report(project, "brief", project.run("margin", path, "-m", market, *recipes, "--bars", bars, "--json", exits=(1,)))
    expect(all(len(recipe["accounts"]) == len(BOOKS) for recipe in brief["recipes"]), "brief: an account is missing")

    huge = folder / "huge.json"
    huge.write_text(json.dumps(HUGE_MARKET))
    path.write_text(json.dumps(HUGE_BOOKS))
    one_fails = project.run("margin", path, "-m", huge, "-r", "scenario-grid", "--brief", "--json", exits=(1,))
    accounts = check_report(project, "one fails", one_fails)["recipes"][0]["accounts"]
    expect([("error" in account) for account in accounts] == [True, False], "one fails: not the whale alone, or not first")

    few = folder / "bars"
    few.mkdir()
    (few / "BTCUSDT_8h.csv.gz").write_bytes((bars / "BTCUSDT_8h.csv.gz").read_bytes())
    incomplete = project.run("margin", "examples/book.yaml", "-m", market, "-r", "hs-es", "--bars", few, "--json", exits=(1,))
    account = check_report(project, "incomplete", incomplete)["recipes"][0]["accounts"][0]
    subjects = {omission["subject"] for omission in account["omissions"]}
    expect({"SOL-PERP", "ETH_USDC-PERPETUAL"} <= subjects and "BTC-PERPETUAL" not in subjects, f"incomplete: omissions are {subjects}")

    path.write_text(json.dumps({"account": "a", "balances": {"USDC": "1000"}, "positions": [
        {"instrument": "BTC-USD-SWAP", "size": "5"}, {"instrument": "MOON/USDT:USDT", "size": "1"}]}))
    lenient = project.run("margin", path, "-m", market, "-r", "cross-fixed", "--lenient", "--json", exits=(1,))
    account = check_report(project, "lenient", lenient)["recipes"][0]["accounts"][0]
    held = [(position["instrument"], position["size"]) for position in account["positions"]]
    expect(held == [("BTC-PERPETUAL", "500")], f"lenient: holds {held}")  # 5 swaps of 100 USD
    expect([o["subject"] for o in account["omissions"]] == ["MOON/USDT:USDT"], "lenient: does not name what it left out")

    chain = folder / "chain.json"
    chain.write_text(json.dumps(chain_rows(project.root / "examples/chain.csv")))
    path.write_text(json.dumps(BOOKS[0]))
    check_report(project, "from a chain", project.run("margin", path, "-m", chain, "-r", "scenario-grid", "--json"))


def check_document(project, schema, text, what=None):
    """One output against its schema, which must refuse the output with an unknown key."""
    what = what or schema
    document = json.loads(text)
    for error in project.errors(schema, document):
        expect(False, f"{what}: {error}")
    spoiled = [{**document[0], "colour": 1}] if isinstance(document, list) else {**document, "colour": 1}
    expect(project.errors(schema, spoiled), f"{what}: an unknown key is accepted")
    return document


def check_other_documents(project):
    market = project.root / "examples/market.yaml"
    numbers = ["price", "--forward", "100", "--strike", "90", "--years", "0.5", "--vol", "0.6"]
    runs = [("price", ["BTC-27MAR26-64000-P", "-m", market]), ("surface", ["-m", "examples/chain.csv"]),
            ("surface", ["-m", market]), ("surface", ["-m", project.root / "examples/bars"]), ("doctor", [])]
    for schema, words in runs:
        check_document(project, schema, project.run(schema, *words, "--json"), f"{schema} {words}")
    check_document(project, "surface_survey", project.run("surface", "-m", "examples/chain.csv", "--all", "--json"))
    for more in ([], ["--put"], ["--inverse"], ["--put", "--inverse"]):
        check_document(project, "price", project.run(*numbers, *more, "--json"), f"price {more}")
        plain = project.run(*numbers, *more)
        expect(not re.search(r"-0( |$)", plain, re.M), f"price {more} prints -0:\n{plain}")


def check_explanations(project, folder):
    """Without --scenario: the worst of the measure that charges the position, or the rates that do."""
    book, market = project.root / "examples/book.yaml", project.root / "examples/market.yaml"
    explain = lambda *words: check_document(project, "explanation", project.run("explain", book, "-m", market, "--json", *words), f"explain {words}")
    report = json.loads(project.run("margin", book, "-m", market, "-r", "scenario-grid", "--json"))
    account = report["recipes"][0]["accounts"][0]
    scan = next(part for part in account["initial"]["largest_of"] if part["component"] == account["initial"]["chosen"])
    for position in account["positions"]:
        name = position["instrument"]
        group = next(group for group in scan["groups"] if name.startswith(group["group"]))
        told = explain("-r", "scenario-grid", "--position", name)
        expect(told["scenario"] == group["scenarios"][0], f"explain {name}: {told['scenario']}, not the worst of {group['group']}")
        away = abs(D(told["contribution_usd"]) - D(position["initial_contribution_usd"]))
        expect(away <= 2 * UNIT, f"explain {name}: a contribution {away} away from the report's")

    for recipe in ("cross-fixed", "isolated-fixed"):
        report = json.loads(project.run("margin", book, "-m", market, "-r", recipe, "--json"))
        for position in report["recipes"][0]["accounts"][0]["positions"]:
            told = explain("-r", recipe, "--position", position["instrument"])
            expect("scenario" not in told, f"explain {recipe}: a scenario where the recipe has none")
            parts = sum((D(rate["contribution_usd"]) for rate in told["rates"]), D(0))
            expect(parts == D(position["initial_contribution_usd"]), f"explain {recipe} {position['instrument']}: rates come to {parts}")
            for rate in told["rates"]:
                charge = round_up(D(rate["net_base_usd"]) * D(rate["rate"]))
                expect(charge == D(rate["charge_usd"]), f"explain {recipe} {position['instrument']}: rate x base is {charge}")

    # The branch of max that lost explains nothing: with a least rate of 50 % the rates are the answer.
    high = folder / "high.yaml"
    high.write_text((project.root / "recipes/scenario-grid.yaml").read_text().replace('rate: "0.005"', 'rate: "0.5"'))
    told = explain("-r", high, "--position", "SOL-PERP")
    expect([rate["component"] for rate in told["rates"]] == ["least"], f"explain, the rate won: {told}")
    expect("scenario" not in told, "explain, the rate won: a scenario of the branch that lost")
    # Long and short of a group offset each other; the smaller side bears less than nothing.
    two = folder / "two.json"
    two.write_text(json.dumps({"account": "a", "positions": [{"instrument": "SOL-PERP", "size": "10"}, {"instrument": "SOL-PERP", "size": "-3"}]}))
    text = project.run("explain", two, "-m", market, "-r", "cross-fixed", "--json")
    rate = check_document(project, "explanation", text)["rates"][0]
    expect([rate["base_usd"], rate["net_base_usd"]] == ["840.200000000", "588.140000000"], f"explain, netted: {rate}")


def check_batches(project, folder):
    """Many accounts: digests of their books in the table's JSON, full reports with --full, one account in the singular."""
    market, path = project.root / "examples/market.yaml", folder / "batch.json"
    path.write_text(json.dumps(BOOKS))
    words = ["margin", path, "-m", market, "-r", "cross-fixed"]
    brief = check_report(project, "batch", project.run(*words, "--json"))["recipes"][0]["accounts"]
    full = check_report(project, "batch, full", project.run(*words, "--full", "--json"))["recipes"][0]["accounts"]
    expect([a["account"] for a in full] == [book["account"] for book in BOOKS], "full: not every account, or in another order")
    expect(all(isinstance(account["positions"], list) for account in full), "full: an account without its positions")
    digests = lambda accounts: {account["account"]: account["book_digest"] for account in accounts}
    expect(digests(brief) == digests(full), "the digests of the books differ between table and full reports")
    text = project.run(*words, "--full")
    expect(text.count("\nWhy\n") == len(BOOKS), "full, as text: not a report for every account")
    path.write_text(json.dumps(BOOKS[:1]))
    expect(project.run(*words, "--brief").startswith("1 account under "), "the table of one account speaks of accounts")


def check_comparisons(project, folder):
    """Recipes side by side say what each says alone; differences by position come to the difference of the margins."""
    book, market, bars = (project.root / "examples" / name for name in ("book.yaml", "market.yaml", "bars"))
    recipes = [word for name in PRESETS for word in ("-r", name)]
    words = [book, "-m", market, *recipes, "--bars", bars]
    document = check_document(project, "comparison", project.run("compare", *words, "--json"))
    report = json.loads(project.run("margin", *words, "--json"))
    expect([recipe["given"] for recipe in document["recipes"]] == PRESETS, "compare: not in the order of the recipes")
    expect(document["same_equity"], "compare: equity depends on the recipe")
    for r, (compared, alone) in enumerate(zip(document["recipes"], report["recipes"])):
        account, where = alone["accounts"][0], f"compare: {compared['recipe']}"
        for key in ("equity_usd", "levels", "health_factor", "gross_notional_usd", "effective_leverage", "maximum_leverage", "diversification", "complete"):
            expect(compared[key] == account[key], f"{where}: {key} is not the report's")
        lines = document["positions"] + [document["balances"]]
        theirs = [D(line["initial_contributions_usd"][r]) for line in lines]
        parts = [p["initial_contribution_usd"] for p in account["positions"]] + [account["balances_initial_contribution_usd"]]
        expect(theirs == list(map(D, parts)), f"{where}: contributions are not the report's")
        requirement = lambda recipe: D(recipe["levels"]["initial"]["requirement_usd"])
        difference = sum(D(line["differences_usd"][r]) for line in lines)
        expect(difference == requirement(compared) - requirement(document["recipes"][0]), f"{where}: differences sum to {difference}")
        for level in ("initial", "maintenance"):
            expect(document[level][0]["amounts_usd"][r] == compared["levels"][level]["requirement_usd"], f"{where}: the tree is not that of {level}")
            names = {row["path"][-1] for row in document[level] if row["amounts_usd"][r] is not None}
            expect(names_of(account[level]) | {level} == names | {account[level]["component"]}, f"{where}: components of {level} are {names}")
    text = project.run("compare", *words)
    expect("Equity is the same under every recipe" in text, "compare does not say that equity is the same")

    few = folder / "few"
    few.mkdir()
    (few / "BTCUSDT_8h.csv.gz").write_bytes((bars / "BTCUSDT_8h.csv.gz").read_bytes())
    words = [book, "-m", market, "-r", "cross-fixed", "-r", "hs-es", "--bars", few]
    document = check_document(project, "comparison", project.run("compare", *words, "--json", exits=(1,)), "comparison, incomplete")
    expect([recipe["complete"] for recipe in document["recipes"]] == [True, False], "compare: which one is incomplete is not said")
    expect("* INCOMPLETE: hs-es leaves out " in project.run("compare", *words, exits=(1,)), "compare does not mark the incomplete")
    poor = folder / "poor.json"
    poor.write_text(json.dumps({"account": "poor", "positions": [{"instrument": "SOL-PERP", "size": "-10"}]}))
    project.run("compare", poor, "-m", market, "-r", "cross-fixed", "-r", "isolated-fixed", exits=(1,))


def names_of(component):
    below = component.get("sum_of", []) + component.get("largest_of", [])
    below += [component["scale_of"]] if "scale_of" in component else []
    below += [read for read in component.get("reads", []) if read.get("unit", "usd") == "usd"]
    return {component["component"]}.union(*map(names_of, below))


def check_conformance(project, folder):
    vectors = folder / "vectors"
    vectors.mkdir()
    (vectors / "other.json").write_text(json.dumps({"model": "heston", "vectors": [{"id": "a"}, {"id": "b"}]}))
    document = check_document(project, "conformance", project.run("conform", vectors, "--json", exits=(1,)))
    expect(document["checked"] == 0, "vectors of an unknown model count as checked")
    expect("nothing was checked" in project.run("conform", vectors, exits=(1,)), "conform does not say that nothing was checked")
    (vectors / "black76.csv").write_text("F,K,vol,T,call_undisc,put_undisc,delta_call,gamma,vega\n"
        "100,100,0.2,1,7.9655674554057967338,7.9655674554057967338,0.539827837277028984,0.0198476273738505872,39.6952547477011765\n")
    document = check_document(project, "conformance", project.run("conform", vectors, "--json", exits=(0,)))
    expect(document["checked"] == 1, f"conform checked {document['checked']} vectors, not 1")
    (vectors / "black76.csv").write_text((vectors / "black76.csv").read_text().replace("39.69", "39.68"))
    document = check_document(project, "conformance", project.run("conform", vectors, "--json", exits=(1,)))
    expect(sum(len(file["failures"]) for file in document["files"]) == 1, "conform does not list the vector that failed")


def check_recipes(project, folder):
    """The verbs on recipes; what `show` prints is the same recipe, and valid."""
    listed = check_document(project, "recipes", project.run("recipes", "--json", exits=(0,)))["recipes"]
    presets = sorted(p.stem for p in (project.root / "recipes").glob("*.yaml"))
    expect(sorted(recipe["recipe"] for recipe in listed) == presets, "margrave recipes does not list the presets")
    tighter = project.root / "examples/recipe-tighter.yaml"
    for recipe in [*presets, tighter]:
        checked = check_document(project, "recipe_check", project.run("recipe", "check", recipe, "--json", exits=(0,)))
        shown = folder / "shown.yaml"
        shown.write_text(project.run("recipe", "show", recipe, exits=(0,)))
        for error in project.errors("recipe", load(shown)):
            expect(False, f"recipe show {recipe}: {error}")
        again = json.loads(project.run("recipe", "check", shown, "--json", exits=(0,)))
        expect(again["digest"] == checked["digest"], f"recipe show {recipe} prints another recipe")
        same = check_document(project, "recipe_diff", project.run("recipe", "diff", recipe, shown, "--json", exits=(0,)))
        expect(same["equal"] and same["differences"] == [], f"recipe diff: {recipe} differs from what show prints")
    expect(checked["extends"] == ["recipes/scenario-grid.yaml"], f"recipe check: it extends {checked['extends']}")
    text = project.run("recipe", "diff", "scenario-grid", tighter, exits=(1,))
    expect("components.least.rate: 0.005 -> 0.01\n" in text, f"recipe diff: {text}")
    diff = check_document(project, "recipe_diff", project.run("recipe", "diff", "scenario-grid", tighter, "--json", exits=(1,)))
    expect([one["path"] for one in diff["differences"]] == ["recipe", "components.least.rate", "claims"], f"recipe diff: {diff}")


def check_unwinds(project, folder):
    """Rules of liquidation fit their schema, and so does what is said of them."""
    for path in sorted((project.root / "unwind").glob("*.yaml")):
        for error in project.errors("unwind", load(path)):
            expect(False, f"{path.name}: {error}")
        checked = check_document(project, "unwind_check", project.run("recipe", "check", path, "--json", exits=(0,)))
        expect(checked["unwind"] == path.stem, f"{path.name} is called {checked['unwind']}")


def check_orders(project, folder):
    """Orders, isolated positions, sub-accounts and linked accounts, brief and in full."""
    book, market = project.root / "examples/orders.yaml", project.root / "examples/market.yaml"
    for error in project.errors("book", load(book)):
        expect(False, f"examples/orders.yaml: {error}")
    for options in ((), ("--full",)):
        text = project.run("margin", book, "-m", market, "-r", "scenario-grid", "--json", *options, exits=(0,))
        accounts = check_document(project, "report", text)["recipes"][0]["accounts"]
        names = sorted(account["account"] for account in accounts)
        expect(names == ["fund", "maker", "maker/SOL-PERP", "maker/hedges"], f"orders.yaml has the accounts {names}")
        maker = next(account for account in accounts if account["account"] == "maker")
        asked = {name: float(level["requirement_usd"]) for name, level in maker["levels"].items()}
        expect(asked["initial_with_orders"] > asked["initial"], f"orders ask for nothing: {asked}")


def check_backtest(project, folder):
    """A walk over the example bars, and the same whatever the number of threads."""
    bars = project.root / "examples/bars"
    text = project.run("backtest", "--data", bars, "--first", "300", "--json", exits=(0,))
    document = check_document(project, "backtest", text)
    expect([model["model"] for model in document["models"]] == ["core", "raw", "reactive", "slow", "bounded"], f"backtest has the models {document['models']}")
    expect(project.run("backtest", "--data", bars, "--first", "300", "--json", "--threads", "1", exits=(0,)) == text, "backtest depends on the number of threads")
    chain = project.root / "examples/chain.csv"
    text = project.run("backtest", "--data", bars, "-r", "hs-es", "--calls", "2,5", "--first", "300", "--from", "2025-06-01", "--to", "2025-06-03", "--json", exits=(0,))
    calls = check_document(project, "backtest_calls", text)
    expect(len(calls["accounts"]) >= 4 and all(one["worst_loss"] >= 0 for one in calls["accounts"]), "backtest --calls has too few accounts")
    text = project.run("backtest", "--chains", chain, "-r", "greeks", "--own-moves", "--json", exits=(0,))
    moves = check_document(project, "backtest_moves", text)
    expect(moves["all"]["cases"] > 0 and moves["failed"] == 0, f"no book of options is margined: {moves}")
    check_modelled_backtest(project, folder, bars, chain)


def check_modelled_backtest(project, folder, bars, chain):
    """A walk over chains made from a vol index of five days in June 2025, the shape of one chain and the example bars."""
    first, day = 1748736000000, 86400000
    days = "".join(f"{first + i * day},{45 + i},{50 + i},{40 + i},{46 + i}\n" for i in range(5))
    dvol = pathlib.Path(folder) / "dvol.csv"
    dvol.write_text("t_ms,dvol_open,dvol_high,dvol_low,dvol_close\n" + days)
    asked = ("backtest", "--dvol", f"BTC={dvol}", "--chains", chain, "--data", bars, "-r", "fhs-es", "--json")
    text = project.run(*asked, exits=(0,))
    document = check_document(project, "backtest_books", text)
    expect(document["windows_of"] == "modelled chains" and document["chains"]["count"] == 16, f"no modelled chains: {document['windows_of']}, {document['chains']}")
    expect(document["modelled"]["shape_is_later"] and document["modelled"]["shape_chains"] == 1, f"the shape is said wrongly: {document['modelled']}")
    expect(document["pooled"]["windows"] > 500, f"{document['pooled']['windows']} windows of modelled chains are tested")
    expect(project.run(*asked, "--threads", "1", exits=(0,)) == text, "modelled chains depend on the number of threads")


FACTS = """
haircut_facts: sample
assets:
  USDC:
    follows: USD
    confidence: 0.999
    concentration: {cap_usd: 50000000, held_usd: 20000000}
    linked_usd: 1000
    issuer: {name: its issuer, rate: "0.005", source: assumed, date: 2024-12-31, cap_usd: 100000000, held_usd: 40000000, from: "0.4"}
  SOL:
    custody: {name: a custodian, rate: 0.001, source: assumed, date: 2024-12-31}
    bridge: {name: a bridge, rate: 0.02, source: assumed, date: 2024-12-31, cap_usd: 10000000}
"""


def check_haircuts(project, folder):
    """Haircuts of the example bars: parts that sum to the rate of each tier, tables that rise, and a recipe of them."""
    bars, facts = project.root / "examples/bars", folder / "facts.yaml"
    facts.write_text(FACTS)
    document = yaml.load(FACTS, Loader)
    for error in project.errors("haircut_facts", document):
        expect(False, f"facts for haircuts: {error}")
    for what, path, value in (("an unknown key", ["assets", "SOL", "colour"], "blue"), ("a rate that is a word", ["assets", "SOL", "bridge", "rate"], "small"),
                              ("a date that is none", ["assets", "SOL", "bridge", "date"], "lately")):
        changed = with_change(document, path, value)
        expect(project.errors("haircut_facts", changed), f"facts with {what} are accepted by their schema")
        (folder / "spoiled.json").write_text(json.dumps(changed))
        project.run("haircut", "--data", bars, "--facts", folder / "spoiled.json", exits=(4,))
    words = ["haircut", "--data", bars, "--facts", facts, "--exposure", "BTC=5000000"]
    text = project.run(*words, "--json", exits=(0,))
    lines = check_document(project, "haircut", text)["haircuts"]
    expect(len(lines) >= 3, f"haircuts of {[line['asset'] for line in lines]}")
    expect(project.run(*words, "--json", "--threads", "1", exits=(0,)) == text, "haircuts depend on the number of threads")
    for line in lines:
        parts, before = None, D(0)
        for tier in line["tiers"][:-1]:
            parts = {name: D(str(value)) for name, value in tier["parts"].items()}
            others = sum(parts[name] for name in list(parts)[3:])
            total = min(D(1), max(parts["volatility"], parts["exit"], parts["drawdown"]) + others)
            rate = D(str(tier["rate"]))
            # Every part is rounded up by itself, the rate once.
            expect(total - len(parts) * D("0.0001") <= rate <= total, f"{line['asset']}: parts come to {total}, the rate is {rate}")
            expect(rate >= before, f"{line['asset']}: rates fall from {before} to {rate}")
            before = rate
        expect(line["tiers"][-1]["rate"] == 1 and line["tiers"][-1]["to_usd"] is None, f"{line['asset']}: the last tier counts")
    expect(all(line["parts"]["wrong_way"] > 0 for line in lines if line["asset"] == "BTC"), "an exposure to BTC costs BTC nothing")
    for more in ((), ("--existing",)):
        recipe = folder / "haircuts.yaml"
        recipe.write_text(project.run(*words, "--recipe-table", *more, exits=(0,)))
        for error in project.errors("recipe", load(recipe)):
            expect(False, f"the recipe of haircuts: {error}")
        check_document(project, "recipe_check", project.run("recipe", "check", recipe, "--json", exits=(0,)))
        rows = load(recipe)["tables"]["haircut"]["by"]
        for line in lines:
            expect(rows[line["asset"]][0] == [0, f"{line['tiers'][0]['existing' if more else 'rate']:.4f}"], f"{line['asset']}: the recipe begins with {rows[line['asset']][0]}")
        report = project.run("margin", project.root / "examples/book.yaml", "-m", project.root / "examples/market.yaml", "-r", recipe, "--json")
        check_document(project, "report", report)


def check_factors(project, folder):
    """Factors of the example bars: within their bounds, maintenance after the notice, and a recipe with the largest."""
    words = ["factor", "--data", project.root / "examples/bars", "--steps", "400"]
    text = project.run(*words, "--json", exits=(0,))
    document = check_document(project, "factor", text)
    expect(project.run(*words, "--json", "--threads", "1", exits=(0,)) == text, "factors depend on the number of threads")
    expect(len(document["factors"]) >= 3, "the example bars have factors of three assets")
    unit = D("0.000001")
    rises = 0
    for line in document["factors"]:
        steps = line["steps"]
        for before, step in zip(steps, steps[1:]):
            old, new, held = D(before["initial"]), D(step["initial"]), D(step["maintenance"])
            expect(1 <= held <= new <= D("1.5"), f"{line['asset']} {step['at']}: {held} for maintenance, {new} for initial margin")
            expect(old * D("0.98") - unit <= new <= old * D("1.25") + unit, f"{line['asset']} {step['at']}: from {old} to {new} in a step")
            expect(held == min(old, new), f"{line['asset']} {step['at']}: a rise from {old} to {new} counts as {held} before its notice")
            rises += new > old
    expect(rises > 10, "no factor rose in 400 steps of the example bars")
    last = [line["steps"][-1] for line in document["factors"]]
    for level in ("initial", "maintenance"):
        expect(D(document["largest"][level]) == max(D(step[level]) for step in last), f"the largest {level} factor is not the largest")
    recipe = folder / "factor.yaml"
    recipe.write_text(project.run(*words, "--as-recipe", exits=(0,)))
    for error in project.errors("recipe", load(recipe)):
        expect(False, f"the recipe of factors: {error}")
    check_document(project, "recipe_check", project.run("recipe", "check", recipe, "--json", exits=(0,)))
    parameters = load(recipe)["parameters"]
    expect(parameters["factor"]["value"] == document["largest"]["initial"], "the recipe has another factor")
    expect(parameters["maintenance_factor"]["value"] == document["largest"]["maintenance"], "the recipe has another factor for maintenance")


def check_errors(project, folder):
    empty = folder / "empty.json"
    for text in ("[]", '{"accounts": []}'):
        empty.write_text(text)
        words = ["margin", empty, "-m", project.root / "examples/market.yaml", "-r", "cross-fixed", "--json"]
        check_document(project, "error", project.run(*words, exits=(3,)))
    check_document(project, "error", project.run("conform", "none.json", "--json", exits=(3, 4, 5)))
    # Without --json there is no document, and a command line that is not understood has not asked for one.
    expect(project.run("conform", "none.json", exits=(3, 4, 5)) == "", "an error without --json on standard output")
    expect(project.run("margin", "--json", exits=(2,)) == "", "a usage error on standard output")


def check_bench(project):
    """The benchmark stands beside the program only where it was built; one quick row is enough."""
    if not any((pathlib.Path(project.program).parent / place).exists() for place in ("margrave-bench", "bench/margrave-bench")):
        print("skipped: the rows of margrave bench, which is not built here")
        return
    check_document(project, "bench", project.run("bench", "--only", "G1", "--json"))


def main():
    project = Project(os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve())
    with tempfile.TemporaryDirectory(prefix="margrave-schemas-") as folder:
        check_schemas(project)
        check_examples(project)
        check_reports(project, pathlib.Path(folder))
        check_other_documents(project)
        check_explanations(project, pathlib.Path(folder))
        check_batches(project, pathlib.Path(folder))
        check_comparisons(project, pathlib.Path(folder))
        check_conformance(project, pathlib.Path(folder))
        check_recipes(project, pathlib.Path(folder))
        check_unwinds(project, pathlib.Path(folder))
        check_orders(project, pathlib.Path(folder))
        check_backtest(project, pathlib.Path(folder))
        check_haircuts(project, pathlib.Path(folder))
        check_factors(project, pathlib.Path(folder))
        check_errors(project, pathlib.Path(folder))
        check_bench(project)
    for text in found:
        print(text)
    print(f"{len(found)} faults in schemas, examples and reports")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
