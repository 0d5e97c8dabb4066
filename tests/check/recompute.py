#!/usr/bin/env python3
"""Recomputes margins from docs/methods alone and compares: usage recompute.py MARGRAVE ROOT [BOOKS].

Nothing here is shared with the program: prices come from math.erfc in double precision (explained options and Greeks
from mpmath, by numerical differentiation), amounts from numpy sums, legs from exact fractions. Compared are the example
account and BOOKS random ones under the presets and under a recipe of this file that uses what the presets do not, over
the example market and over one with linear options, a depegged dollar, rates and vols from the surface.

Tolerances. The program rounds rows to multiples of 2^e (docs/methods/risk_array.md). An equity may differ by
sum |q| 2^(e-1), a loss by twice that, and each by 1e-11 of the gross sum for the doubles of this file and by 2e-8 USD
for roundings of amounts. `row_rounding_usd` is compared with the same sum, computed here. The cost leg of a position
without entry price is rounded to a unit of its asset, and may be off by one such unit.
"""
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

import mpmath
import yaml

sys.dont_write_bytecode = True  # the tree stays as it is
from recompute_account import Account  # noqa: E402
from recompute_market import YEAR, Array, Market, Scenarios, grid, historical, number, term_scale, value, yaml_time  # noqa: E402

SEED = 20260301

# What the presets leave out: var, weighted worst, netting of notional by underlying and expiry, unrealised gains, basis
# and rate moves, vol floors, a horizon in which some options and a future expire.
PROBE = """
recipe: probe
version: "1"
scenarios:
  far:
    kind: grid
    horizon: 30d
    value_at: horizon
    spot: ["-0.4", "-0.1", "0", "0.25"]
    vol: ["0.8", "-0.6"]
    basis: ["-0.2", "0.1"]
    rate: ["0.05", "-0.01"]
    vol_floor: 0.7
    vol_term: {reference_days: 30, power_short: "0.4", power_long: "0.2", floor_days: 3, floor: 0.5, cap: 1.2}
    dampening: 0.9
  near:
    kind: grid
    horizon: 8h
    value_at: horizon
    spot: ["-0.15", "0.15"]
    extra:
      - {name: crash, spot: "-0.9", vol: "1.5", basis: "-0.3", rate: "0.2", dampening: "0.5", weight: "0.6"}
      - {name: melt up, spot: "4", vol: "-1", weight: "0.3"}
  past: {kind: historical, horizon: 24h, value_at: now, window_days: 400}
components:
  far_worst: {measure: worst, scenarios: far, group: expiry}
  far_all: {measure: worst, scenarios: far, group: all, balances: true}
  near_weighted: {measure: weighted_worst, scenarios: near, group: underlying}
  past_var: {measure: var, confidence: "0.99", scenarios: past, group: all}
  past_es: {measure: es, confidence: "0.9913", scenarios: past, group: underlying}
  by_coin: {rate: "0.03", rates: {ETH: "0.07"}, base: notional, group: underlying}
  by_expiry: {rate: "0.011", base: notional, group: expiry, side: long}
  net_value: {rate: "0.5", base: mark_value, group: all, kinds: [option]}
  gains: {rate: "0.9", base: unrealised_gain, group: position}
  losses: {max: [far_worst, near_weighted, past_es]}
  flat: {sum: [far_all, past_var, by_coin, by_expiry, net_value, gains]}
levels:
  maintenance: {sum: [losses, flat]}
  initial: {scale: maintenance_of, by: "1.37"}
""".replace("maintenance_of", "losses")

# The second market: other assets' prices, rates, the surface, linear options, an option that has no vol of its own.
MORE_INSTRUMENTS = """
  - {name: BTC_USDC-27MAR26-64000-P, mark: 2200, vol: 0.515}
  - {name: BTC_USDC-26JUN26-70000-C, mark: 7000}
  - {name: ETH_USDC-24APR26-2000-P, mark: 200, vol: 0.665}
  - {name: BTC-26JUN26-70000-P}
  - {name: DUST-PERP, kind: perpetual, style: linear, underlying: DUST, settlement: USDC, contract_size: 1000, tick: 0.00000000001, lot: 10, mark: 0.0000000312, funding_rate: -0.0003}
  - {name: BTC-SPOT, kind: spot, style: linear, underlying: BTC, settlement: USDC, contract_size: 1, tick: 1, lot: 0.0001, mark: 67010}
  - {name: BTC_USDC-27MAR26, kind: future, style: linear, underlying: BTC, settlement: USDC, contract_size: 1, tick: 1, lot: 0.001, expiry: 2026-03-27T08:00:00Z, mark: 67250}
"""


def second_market(text):
    text = text.replace("volatility: mark", "volatility: surface").replace("USDC: {decimals: 6, usd: 1}",
                        "USDC: {decimals: 6, usd: 0.97}\n  DUST: {decimals: 4}")
    text = text.replace("forward: 67167.25,", "forward: 67167.25, rate: 0.05,")
    text = text.replace("forward: 1960.12,", "forward: 1960.12, rate: -0.02,")
    text = text.replace("  SOL:\n    index: 84\n", "  SOL:\n    index: 84\n  DUST:\n    index: 0.00000003\n")
    return text + MORE_INSTRUMENTS.lstrip("\n")


def greeks_by_differences(market, c):
    """Greeks of one lot from the value's definition alone, by numerical differentiation in 40 digits. The forward keeps its
    ratio to the index, an inverse option's coin is worth the index, vol and forward stay as time passes."""
    mpf = mpmath.mpf
    content, usd0 = mpf(c["content"].numerator) / c["content"].denominator, mpf(market.usd[c["settlement"]])
    index0 = mpf(market.index[c["underlying"]])
    if c["kind"] != "option":
        value_ = content * mpf(c.get("mark", index0)) * usd0 if c["style"] == "linear" else content / mpf(c["mark"]) * usd0
        return {"delta_coins": value_ / index0}
    forward0, strike = mpf(c["state"]["forward"]), mpf(str(c["strike"]))
    vol0 = mpf(float(market.vol_now(c, math.log(float(strike) / float(forward0)))))
    rate0, years0 = mpf(c["state"].get("rate", 0)), mpf(c["T"]) / YEAR

    def usd(index=index0, vol=vol0, years=years0, rate=rate0):
        forward = forward0 * index / index0
        d1 = mpmath.log(forward / strike) / (vol * mpmath.sqrt(years)) + vol * mpmath.sqrt(years) / 2
        d2 = d1 - vol * mpmath.sqrt(years)
        sign = 1 if c["type"] == "call" else -1
        price = sign * (forward * mpmath.ncdf(sign * d1) - strike * mpmath.ncdf(sign * d2))
        if c["style"] == "inverse":
            return content * price / forward * usd0 * index / index0
        return content * price * mpmath.exp(-rate * years) * usd0

    first = lambda f, x, n=1: mpmath.diff(f, x, n, relative=True, h=mpf(10) ** -8)
    delta = lambda years: first(lambda i: usd(index=i, years=years), index0)
    step = mpf(10) ** -8
    rho = (usd(rate=rate0 + step) - usd(rate=rate0 - step)) / (2 * step) / 100
    vega = lambda index: first(lambda v: usd(index=index, vol=v), vol0) / 100
    return {"delta_coins": delta(years0), "gamma_coins_per_usd": first(lambda i: usd(index=i), index0, 2),
            "vega_usd_per_point": vega(index0), "theta_usd_per_day": -first(lambda t: usd(years=t), years0) / 365,
            "rho_usd_per_percent": 0 if c["style"] == "inverse" else rho,
            "vanna_usd_per_point_percent": first(vega, index0) * index0 / 100,
            "volga_usd_per_point2": first(lambda v: usd(vol=v), vol0, 2) / 10000,
            "charm_coins_per_day": -first(delta, years0) / 365}


def compare_greeks(market, reported, cache):
    wrong, sums = [], {}
    for p in reported["positions"]:
        c = market.contracts[p["instrument"]]
        if c["name"] not in cache:
            cache[c["name"]] = {k: float(x) for k, x in greeks_by_differences(market, c).items()}
        lots = float(number(p["size"]) / number(c["lot"]))
        key = (c["underlying"], yaml_time(market.as_of + c["T"])[:10] if "T" in c else None)
        for name, theirs in p["greeks"].items():
            ours = cache[c["name"]].get(name, 0.0) * lots
            scale = max(abs(ours), 1e-9 * abs(lots))
            if abs(ours - theirs) > 1e-6 * scale:
                wrong.append(f"{name} of {c['name']}: {theirs}, recomputed {ours}")
            sums[key, name] = sums.get((key, name), 0) + theirs
    for line in reported["greeks"]:
        for name, theirs in line.items():
            if name in ("underlying", "expiry"):
                continue
            ours = sums.get(((line["underlying"], line["expiry"]), name), 0.0)
            if abs(ours - theirs) > 1e-9 * max(1, abs(ours)):
                wrong.append(f"sum of {name} for {line['underlying']} {line['expiry']}: {theirs}, recomputed {ours}")
    return wrong


def compare_explanation(market, set_, told):
    """`margrave explain` of one position: options against 40 digits, the others against value()."""
    c, s = market.contracts[told["instrument"]], set_.names.index(told["scenario"])
    mpf, wrong = mpmath.mpf, []

    def close(what, ours, theirs, unit=0):
        """To 1e-11, or to 1e-14 of the price of a forward (docs/methods/black76.md) for what is worth nearly nothing."""
        if abs(ours - mpf(theirs)) > abs(ours) * mpf(10) ** -11 + unit * mpf(10) ** -14:
            wrong.append(f"{what}: {theirs}, recomputed {mpmath.nstr(ours, 15)}")

    if c["kind"] != "option":
        values, move = value(market, c, set_), set_.move(c["underlying"])[s]
        now, d = value(market, c, Scenarios(["now"]))[0], float(set_.dampening[s])
        price = c.get("mark", market.index[c["underlying"]]) * move
        if c["kind"] == "future" and c["T"] <= set_.horizon:
            price = market.index[c["underlying"]] * move
        close("then price", mpf(price), told["then"]["price"])
        close("now value", mpf(now), told["now"]["value_of_one_lot_usd"])
        close("then value", mpf(values[s]), told["then"]["value_of_one_lot_usd"])
        close("counted", mpf(now + d * (values[s] - now)), told["counted_value_of_one_lot_usd"])
        if abs(told["entry"] - (now + d * (values[s] - now)) * 2.0 ** -told["exponent"]) > 0.51:
            wrong.append(f"entry: {told['entry']}")
        return wrong

    def point(move, settlement, shock, floor, horizon):
        left = mpf(max(0, c["T"] - horizon)) / YEAR
        forward = (mpf(c["state"]["forward"]) if left > 0 else mpf(market.index[c["underlying"]])) * move
        vol = mpf(float(market.vol_now(c, math.log(float(c["strike"]) / float(forward)))))
        vol *= 1 + shock * mpf(term_scale(set_.term, c["T"]))
        vol, strike = max(vol, floor), mpf(str(c["strike"]))
        sign, s_ = (1 if c["type"] == "call" else -1), vol * mpmath.sqrt(left)
        d1 = mpmath.log(forward / strike) / s_ + s_ / 2 if s_ > 0 else 0
        price = sign * (forward * mpmath.ncdf(sign * d1) - strike * mpmath.ncdf(sign * (d1 - s_)))
        price = price if s_ > 0 else max(sign * (forward - strike), 0)
        coin = mpf(market.usd[c["settlement"]]) * (move if c["settlement"] == c["underlying"] else settlement)
        rate = mpf(c["state"].get("rate", 0)) + mpf(float(set_.rate[s])) * (horizon > 0 or shock != 0 or move != 1)
        price *= 1 / forward if c["style"] == "inverse" else mpmath.exp(-rate * left)
        return {"index_usd": market.index[c["underlying"]] * move, "forward_usd": forward, "years_to_expiry": left, "vol": vol,
                "price": price, "value_of_one_lot_usd": mpf(c["content"].numerator) / c["content"].denominator * price * coin}

    now = point(mpf(1), mpf(1), 0, 0, 0)
    moves = [mpf(float(set_.move(asset)[s])) for asset in (c["underlying"], c["settlement"])]
    then = point(*moves, mpf(float(set_.vol[s])), mpf(float(set_.floor[s])), set_.horizon)
    for when, point_ in (("now", now), ("then", then)):
        forward = 1 if c["style"] == "inverse" else point_["forward_usd"]
        lot = mpf(c["content"].numerator) / c["content"].denominator * market.usd[c["settlement"]]
        units = {"price": forward, "value_of_one_lot_usd": forward * lot}
        for key in point_:
            close(f"{when} {key}", point_[key], told[when][key], units.get(key, 0))
    d = mpf(float(set_.dampening[s]))
    counted = now["value_of_one_lot_usd"] + d * (then["value_of_one_lot_usd"] - now["value_of_one_lot_usd"])
    close("counted", counted, told["counted_value_of_one_lot_usd"], units["value_of_one_lot_usd"])
    unit = mpf(2) ** told["exponent"]
    for what, entry, ours in (("entry now", told["entry_now"], now["value_of_one_lot_usd"]), ("entry", told["entry"], counted)):
        if abs(entry - ours / unit) > mpf("0.501"):
            wrong.append(f"{what}: {entry}, recomputed {mpmath.nstr(ours / unit, 15)}")
    if Fraction(told["profit_usd"]) != -Fraction(told["contribution_usd"]):
        wrong.append("contribution is not minus the profit")
    exact = told["lots"] * (told["entry"] - told["entry_now"]) * Fraction(2) ** told["exponent"]
    if abs(exact - Fraction(told["profit_usd"])) > Fraction(1, 10 ** 9):
        wrong.append(f"profit: {told['profit_usd']} is not lots x entries")
    return wrong


def random_book(rng, market, number_):
    book = {"account": f"random-{number_}", "balances": {}, "positions": []}
    for asset in rng.sample(sorted(market.usd), rng.randint(0, 3)):
        amount = rng.uniform(-0.2, 1) * 10 ** rng.uniform(2, 6) / market.usd[asset]
        book["balances"][asset] = f"{amount:.{min(market.decimals[asset], 4)}f}"
    for name in rng.choices(sorted(market.contracts), k=rng.randint(1, 9)):
        c = market.contracts[name]
        usd_per_lot = float(c["content"]) * (1 if c["style"] == "inverse" and c["kind"] != "option" else market.index[c["underlying"]])
        lots = max(1, round(10 ** rng.uniform(2, 6) / usd_per_lot)) * rng.choice([-1, 1])
        size = number(c["lot"]) * lots
        position = {"instrument": name, "size": f"{float(size):.6f}"}
        if c["kind"] != "option" and rng.random() < 0.7:
            position["entry_price"] = f"{float(c.get('mark', market.index[c['underlying']])) * rng.uniform(0.6, 1.5):.13f}"
        book["positions"].append(position)
    return book


class Program:
    def __init__(self, path, folder, bars):
        self.path, self.folder, self.bars = path, folder, bars

    def run(self, *words, codes=(0, 1)):
        done = subprocess.run([self.path, *map(str, words), "--json", "-q"], capture_output=True, timeout=300)
        if done.returncode not in codes:
            raise SystemExit(f"{' '.join(map(str, words))}: exit {done.returncode}: {done.stderr.decode()[:500]}")
        return json.loads(done.stdout), done.returncode

    def margin(self, market, books, recipes):
        """Full reports, three accounts a run (more are answered with a table)."""
        reports = {}
        for begin in range(0, len(books), 3):
            part = self.folder / "part.json"
            part.write_text(json.dumps({"accounts": books[begin:begin + 3]}))
            told, code = self.run("margin", part, "-m", market, "--bars", self.bars, *sum((["-r", r] for r in recipes), []))
            well = True
            for recipe in told["recipes"]:
                for account in recipe["accounts"]:
                    reports[recipe["recipe"], account["account"]] = account
                    well = well and account["complete"] and account["levels"]["maintenance"]["met"]
            if well != (code == 0):
                raise SystemExit(f"exit code {code}, but all is well: {well}")
        return reports


def sets_of(recipe, market, bars):
    specs = recipe.get("scenarios", {})
    return {key: historical(spec, market, bars) if spec["kind"] == "historical" else grid(spec, market)
            for key, spec in specs.items()}


class Tally:
    """What differs, how far what does not differ is off, and how much was compared."""

    def __init__(self):
        self.wrong, self.worst, self.compared = [], {}, 0

    def add(self, where, found):
        self.wrong += [f"{where}: {x}" for x in found]

    def add_account(self, where, account, reported):
        self.add(where, account.compare(reported))
        self.compared += 1
        for key, difference in account.differences.items():
            self.worst[key] = max(self.worst.get(key, (0, 0)), (difference / account.allowed[key], difference))

    def print(self):
        for line in self.wrong[:60]:
            print(line)
        for key, (share, difference) in sorted(self.worst.items()):
            print(f"largest difference of {key}: {share:.0%} of what is allowed ({difference:.3g} USD)")
        print(f"{self.compared} reports and explanations recomputed (seed {SEED}), {len(self.wrong)} numbers differ")


def check_explanations(program, rng, market, path, file, sets, books, tally):
    """Every instrument of the first and the last book in one scenario of every set."""
    book_file = program.folder / "book.json"
    book_file.write_text(json.dumps({"accounts": books}))
    holder = {p["instrument"]: book["account"] for book in books for p in book["positions"]}
    for key, set_ in sets.items():
        if set_.basis.any() or set_.rate.any():
            continue
        for position, account in sorted(holder.items()):
            scenario = f"{key}:{rng.randrange(len(set_.names))}"
            told, _ = program.run("explain", book_file, "-m", path, "--bars", program.bars, "-r", file,
                                  "--account", account, "--position", position, "--scenario", scenario)
            tally.add(f"{path.name}, {file.stem}, explain {position} in {told['scenario']}",
                      compare_explanation(market, set_, told))
            tally.compared += 1


# Recipes with one of these are of a language, or of scenario sets, that are not written here a second time.
BEYOND = ("value:", "filter:", "monte_carlo", "kind: normal", "vol_moves:")


def check_market(program, rng, root, path, recipes, count, tally):
    market, greeks = Market(path), {}
    books = [random_book(rng, market, i) for i in range(count)]
    books.insert(0, yaml.safe_load((root / "examples/book.yaml").read_text()))
    if path.name == "second.yaml":  # every contract once, for its Greeks and explanation
        one_of_each = [{"instrument": name, "size": str(float(number(c["lot"])))} for name, c in market.contracts.items()]
        books.append({"account": "one of each", "balances": {}, "positions": one_of_each})
    reports = program.margin(path, books, recipes.values())
    for name, file in recipes.items():
        recipe = yaml.safe_load(file.read_text())
        sets = sets_of(recipe, market, program.bars)
        array = Array(market, sets)
        for book in books:
            reported = reports[name, book["account"]]
            tally.add_account(f"{path.name}, {name}, {book['account']}", Account(array, recipe, book, reported), reported)
        check_explanations(program, rng, market, path, file, sets, [books[0], books[-1]], tally)
    for book in books[:20] + books[-1:]:
        reported = reports["isolated-fixed", book["account"]]
        tally.add(f"{path.name}, {book['account']}", compare_greeks(market, reported, greeks))


def main():
    program_path, root = sys.argv[1], pathlib.Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    mpmath.mp.dps = 40
    rng, tally = random.Random(SEED), Tally()
    with tempfile.TemporaryDirectory(prefix="margrave-recompute-") as folder:
        folder = pathlib.Path(folder)
        program = Program(program_path, folder, root / "examples/bars")
        (folder / "probe.yaml").write_text(PROBE)
        (folder / "second.yaml").write_text(second_market((root / "examples/market.yaml").read_text()))
        # What is computed a second time here knows measures and rates; expressions have tests of their own.
        recipes = {p.stem: p for p in sorted((root / "recipes").glob("*.yaml")) if not any(word in p.read_text() for word in BEYOND)} | {"probe": folder / "probe.yaml"}
        for path in (root / "examples/market.yaml", folder / "second.yaml"):
            check_market(program, rng, root, path, recipes, count, tally)
    tally.print()
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
