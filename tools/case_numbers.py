#!/usr/bin/env python3
"""Works out the cases of cases/margin/ a second time: usage case_numbers.py CASE.yaml ...

An implementation of docs/methods/ that shares nothing with the engine: 50-digit numbers (mpmath) instead of doubles and
integers, one instrument and one scenario after the other. For each recipe of a case it prints what equity, levels and
worst scenarios should be; the cases hold these numbers to nine decimals. Needs python3-mpmath and python3-yaml.
"""
import csv
import datetime
import gzip
import pathlib
import re
import sys

import yaml
from mpmath import ceil, erfc, exp, floor, log, mp, mpf, sqrt

mp.dps = 50
ROOT = pathlib.Path(__file__).resolve().parent.parent
YEAR, DAY = 365 * 86400, 86400


class Loader(yaml.SafeLoader):
    """Everything is text: numbers are read here, to 50 digits."""


Loader.yaml_implicit_resolvers = {}


def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def duration(text):
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": DAY}[text[-1]]


def deribit_terms(name):
    """kind, style, settlement, expiry, strike, type of a venue's name; lots do not matter here."""
    parts = name.split("-")
    coin, _, settlement = parts[0].partition("_")
    terms = {"underlying": coin, "style": "linear" if settlement else "inverse", "settlement": settlement or coin}
    if len(parts) == 1 or parts[1] == "PERPETUAL":
        return {**terms, "kind": "spot" if len(parts) == 1 else "perpetual"}
    day, month, year = re.fullmatch(r"(\d+)([A-Z]{3})(\d\d)", parts[1]).groups()
    months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    terms["expiry"] = f"20{year}-{months.index(month) + 1:02}-{int(day):02}T08:00:00Z"
    if len(parts) == 2:
        return {**terms, "kind": "future"}
    return {**terms, "kind": "option", "strike": parts[2].replace("d", "."), "type": "call" if parts[3] == "C" else "put"}


class Market:
    def __init__(self, document):
        self.now = seconds(document["as_of"])
        self.underlyings = document["underlyings"]
        self.usd = {name: mpf((entry or {}).get("usd", 1 if name.startswith("USD") else "nan"))
                    for name, entry in document["assets"].items()}
        for name, entry in self.underlyings.items():
            self.usd[entry.get("coin", name)] = mpf(entry["index"])
        self.decimals = {name: int((entry or {}).get("decimals", 6 if name.startswith("USD") else 8))
                         for name, entry in document["assets"].items()}
        self.instruments = {}
        for entry in document.get("instruments", []):
            terms = entry if "kind" in entry else {**deribit_terms(entry["name"]), **entry}
            self.instruments[entry["name"]] = {"style": "linear", "contract_size": "1", **terms}

    def forward(self, instrument):
        for expiry in self.underlyings[instrument["underlying"]].get("expiries", []):
            if seconds(expiry["expiry"]) == seconds(instrument["expiry"]):
                return mpf(expiry["forward"]), mpf(expiry.get("rate", 0))
        return mpf(self.underlyings[instrument["underlying"]]["index"]), mpf(0)

    def index(self, instrument):
        return mpf(self.underlyings[instrument["underlying"]]["index"])

    def coin(self, instrument):
        return self.underlyings[instrument["underlying"]].get("coin", instrument["underlying"])


class Scenario:
    """Price multipliers by asset, and what else moves. `ahead`: seconds from now at which values are taken."""

    def __init__(self, name, prices, vol=0, basis=0, rate=0, dampening=1, floor=0, term=None, ahead=0):
        self.name, self.prices, self.vol, self.basis, self.rate = name, prices, mpf(vol), mpf(basis), mpf(rate)
        self.dampening, self.floor, self.term, self.ahead = mpf(dampening), mpf(floor), term or {}, ahead

    def price(self, asset):
        return self.prices.get(asset, mpf(1))

    def vol_of(self, vol, left):
        shock = self.vol
        reference = mpf(self.term.get("reference_days", 30))
        days = mpf(left) / DAY
        power = mpf(self.term.get("power_short" if days <= reference else "power_long", 0))
        if power != 0:
            scale = (reference / max(days, mpf(self.term.get("floor_days", 1)))) ** power
            shock *= min(max(scale, mpf(self.term.get("floor", 0))), mpf(self.term.get("cap", "1e9")))
        shocked = vol * max(1 + shock, mpf(0))
        return max(shocked, self.floor) if self.vol > 0 else shocked


NOW = Scenario("now", {})


def black(forward, strike, total_vol, is_call):
    sign = 1 if is_call else -1
    if total_vol == 0:
        return max(sign * (forward - strike), mpf(0))
    d1 = log(forward / strike) / total_vol + total_vol / 2
    normal = lambda x: erfc(-x / sqrt(mpf(2))) / 2
    return sign * (forward * normal(sign * d1) - strike * normal(sign * (d1 - total_vol)))


def asset_value(market, asset, scenario):
    value = market.usd[asset] * scenario.price(asset)
    return market.usd[asset] + scenario.dampening * (value - market.usd[asset])


def raw_value(market, name, scenario):
    """USD of a contract of size 1 in a scenario, without dampening."""
    instrument = market.instruments[name]
    content = mpf(instrument["contract_size"])
    coin, settlement = market.coin(instrument), instrument["settlement"]
    usd = market.usd[settlement] * scenario.price(settlement)
    if "expiry" in instrument:
        left = seconds(instrument["expiry"]) - market.now
        years = mpf(max(left - scenario.ahead, 0)) / YEAR
        forward_now, rate = market.forward(instrument)
        forward = (market.index(instrument) if left <= scenario.ahead else forward_now) * scenario.price(coin) * exp(scenario.basis * years)
    if instrument["kind"] == "option":
        vol = scenario.vol_of(mpf(instrument["vol"]), left)
        price = black(forward, mpf(instrument["strike"]), vol * sqrt(years), instrument["type"] == "call")
        if instrument["style"] == "inverse":
            return content * price / forward * usd
        return content * price * exp(-(rate + scenario.rate) * years) * usd
    mark = mpf(instrument.get("mark", market.index(instrument)))
    if instrument["kind"] != "future":
        mark *= scenario.price(coin)
    elif left <= scenario.ahead:
        mark = forward
    else:
        mark *= forward / forward_now
    paid = mpf(instrument.get("funding_rate", 0)) * scenario.ahead / (8 * 3600) if instrument["kind"] == "perpetual" else 0
    return content * mark * (1 - paid) * usd if instrument["style"] == "linear" else -content / mark * (1 + paid) * usd


def contract_value(market, name, scenario):
    now = raw_value(market, name, NOW)
    return now + scenario.dampening * (raw_value(market, name, scenario) - now)


class Position:
    def __init__(self, market, entry):
        self.name, self.size = entry["instrument"], mpf(entry["size"])
        self.instrument = market.instruments[self.name]
        self.leg = None
        if self.instrument["kind"] == "option":
            return
        content = mpf(self.instrument["contract_size"])
        if "entry_price" in entry:
            price = mpf(entry["entry_price"])
            self.leg = -self.size * content * price if self.instrument["style"] == "linear" else self.size * content / price
        else:
            self.leg = -self.size * contract_value(market, self.name, NOW) / market.usd[self.instrument["settlement"]]
        unit = mpf(10) ** -market.decimals[self.instrument["settlement"]]
        self.leg = floor(self.leg / unit + mpf("1e-30")) * unit  # down, against the account; 1e-30 forgives the 50th digit

    def value(self, market, scenario):
        value = self.size * contract_value(market, self.name, scenario)
        if self.leg is not None:
            value += self.leg * asset_value(market, self.instrument["settlement"], scenario)
        return value

    def notional(self, market):
        content, settle = mpf(self.instrument["contract_size"]), market.usd[self.instrument["settlement"]]
        if self.instrument["kind"] == "option":
            return self.size * content * market.index(self.instrument)
        mark = mpf(self.instrument.get("mark", market.index(self.instrument)))
        return self.size * (content * mark * settle if self.instrument["style"] == "linear" else content * settle / mark)


def grid(market, spec):
    coins = {market.underlyings[u].get("coin", u) for u in market.underlyings}
    ahead = duration(spec.get("horizon", "0s")) if spec.get("value_at") == "horizon" else 0
    percent = lambda move: ("+" if mpf(move) > 0 else "") + mp.nstr(mpf(move) * 100, 12).removesuffix(".0") + " %"
    vols, bases, rates = spec.get("vol", ["0"]), spec.get("basis", ["0"]), spec.get("rate", ["0"])
    scenarios = []
    for spot in spec["spot"]:
        for vol in vols:
            for basis in bases:
                for rate in rates:
                    name = f"spot {percent(spot)}" + (f", vol {percent(vol)}" if len(vols) > 1 or mpf(vol) != 0 else "")
                    name += f", basis {percent(basis)} a year" if len(bases) > 1 else ""
                    name += f", rate {percent(rate)}" if len(rates) > 1 else ""
                    scenarios.append(Scenario(name, {c: 1 + mpf(spot) for c in coins}, vol, basis, rate, spec.get("dampening", 1),
                                              spec.get("vol_floor", 0), spec.get("vol_term"), ahead))
    for extra in spec.get("extra", []):
        name = extra.get("name", f"spot {percent(extra['spot'])}, vol {percent(extra.get('vol', '0'))}")
        scenarios.append(Scenario(name, {c: 1 + mpf(extra["spot"]) for c in coins}, extra.get("vol", 0),
                                  dampening=extra.get("dampening", 1), floor=spec.get("vol_floor", 0),
                                  term=spec.get("vol_term"), ahead=ahead))
    return scenarios


def closes(folder):
    """asset -> {end of bar: close}; a bar's end is its time plus the smallest step of its file."""
    series = {}
    for path in sorted(folder.glob("*.csv*")):
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", newline="") as file:
            rows = [(int(r["t_ms"]), mpf(r["close"])) for r in csv.DictReader(file)]
        step = min(b[0] - a[0] for a, b in zip(rows, rows[1:]))
        symbol = re.split("[_.-]", path.name)[0]
        series[re.sub("(FDUSD|USDT|USDC|BUSD|USD)$", "", symbol)] = {(t + step) // 1000: close for t, close in rows}
    return series


def history(market, spec, folder):
    step = duration(spec["horizon"])
    ahead = step if spec.get("value_at") == "horizon" else 0
    series = {a: c for a, c in closes(folder).items() if a in market.usd}
    count = int(spec.get("window_days", 1250)) * DAY // step
    last = min(market.now, max(max(c) for c in series.values())) // step * step
    ends = [last - i * step for i in range(count)][::-1]
    scenarios = []
    for end in ends:
        if any(end not in c or end - step not in c for c in series.values()):
            raise ValueError("a coin lacks a return: this tool knows no proxies")
        name = datetime.datetime.fromtimestamp(end, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        scenarios.append(Scenario(name, {a: c[end] / c[end - step] for a, c in series.items()}, ahead=ahead))
    return scenarios


def group_of(position, grouping, place):
    return {"position": place, "instrument": position.name, "underlying": position.instrument["underlying"],
            "expiry": f"{position.instrument['underlying']} {position.instrument.get('expiry', '')[:10]}".strip(), "all": "all"}[grouping]


def groups_of(positions, grouping):
    groups = {}
    for place, position in enumerate(positions):
        groups.setdefault(group_of(position, grouping, place), []).append(position)
    return groups


class Assessment:
    def __init__(self, market, book, recipe, bars):
        self.market = market
        self.positions = [Position(market, entry) for entry in book.get("positions", [])]
        self.balances = {asset: mpf(amount) for asset, amount in book.get("balances", {}).items()}
        self.sets = {name: grid(market, spec) if spec["kind"] == "grid" else history(market, spec, bars)
                     for name, spec in recipe.get("scenarios", {}).items()}
        self.amounts, self.worst = {}, {}
        for name, rule in recipe["components"].items():
            self.amounts[name] = self.charge(name, rule)
        self.levels = {}
        for level in ("maintenance", "initial"):
            rule = recipe["levels"][level]
            self.levels[level] = self.amounts[rule] if isinstance(rule, str) else self.charge(level, rule)

    def value(self, positions, with_balances, scenario):
        value = sum((p.value(self.market, scenario) for p in positions), mpf(0))
        if with_balances:
            value += sum((amount * asset_value(self.market, asset, scenario) for asset, amount in self.balances.items()), mpf(0))
        return value

    def equity(self):
        return self.value(self.positions, True, NOW)

    def charge(self, name, rule):
        if "sum" in rule:
            return sum((self.amounts[part] for part in rule["sum"]), mpf(0))
        if "max" in rule:
            return max(self.amounts[part] for part in rule["max"])
        if "scale" in rule:
            return self.amounts[rule["scale"]] * mpf(rule["by"])
        return self.measure(name, rule) if "measure" in rule else self.rate(rule)

    def measure(self, name, rule):
        with_balances = rule.get("balances") == "true"
        groups = groups_of(self.positions, rule.get("group", "all"))
        if with_balances and not groups:
            groups = {"all": []}
        total = mpf(0)
        for key, positions in groups.items():
            now = self.value(positions, with_balances, NOW)
            losses = [(now - self.value(positions, with_balances, s), s.name) for s in self.sets[rule["scenarios"]]]
            losses.sort(key=lambda loss: -loss[0])
            if losses[0][0] > mpf("1e-9"):  # among losses of nothing none is the worst
                self.worst[f"{name}/{key}"] = losses[0][1]
            if rule["measure"] == "es":
                k = int(ceil((1 - mpf(rule["confidence"])) * len(losses)))
                amount = sum((loss for loss, _ in losses[:k]), mpf(0)) / k
            else:
                amount = losses[0][0]
            total += max(amount, mpf(0))
        return total

    def rate(self, rule):
        side = {"both": (1, -1), "long": (1,), "short": (-1,)}[rule.get("side", "both")]
        kinds = rule.get("kinds", ["spot", "perpetual", "future", "option"])
        chosen = [p for p in self.positions if p.instrument["kind"] in kinds and (1 if p.size > 0 else -1) in side]
        total = mpf(0)
        for positions in groups_of(chosen, rule.get("group", "position")).values():
            rate = mpf(rule.get("rates", {}).get(positions[0].instrument["underlying"], rule["rate"]))
            total += rate * abs(sum((self.base(rule["base"], p) for p in positions), mpf(0)))
        return total

    def base(self, base, position):
        if base == "notional":
            return position.notional(self.market)
        if base == "mark_value":
            return position.size * contract_value(self.market, position.name, NOW)
        return max(position.value(self.market, NOW), mpf(0)) if position.leg is not None else mpf(0)


def load(entry):
    return yaml.load((ROOT / entry).read_text(), Loader) if isinstance(entry, str) else entry


def main():
    for file in sys.argv[1:]:
        case = yaml.load(pathlib.Path(file).read_text(), Loader)
        market = Market(load(case["market"]))
        print(file)
        for name in case["expect"]:
            recipe = case.get("recipes", {}).get(name) or load(f"recipes/{name}.yaml")
            result = Assessment(market, case["book"], recipe, ROOT / case.get("bars", "examples/bars"))
            print(f"  {name}:")
            for key, amount in [("equity", result.equity()), *sorted(result.levels.items())]:
                print(f'    {key}: "{format_amount(amount)}"')
            print("    worst: {" + ", ".join(f'{key}: "{scenario}"' for key, scenario in result.worst.items()) + "}")


def format_amount(amount):
    """To nine decimals, to the nearest."""
    units = int(mp.nint(amount * 10**9))
    sign, units = ("-" if units < 0 else ""), abs(units)
    return f"{sign}{units // 10**9}.{units % 10**9:09}"


if __name__ == "__main__":
    main()
