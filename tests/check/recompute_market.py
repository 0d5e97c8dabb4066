"""The market, its scenarios and what a contract is worth in them, from docs/methods alone: part of recompute.py."""
import csv
import datetime
import gzip
import math
from fractions import Fraction

import numpy
import yaml

YEAR, DAY = 365 * 86400, 86400
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
erfc = numpy.frompyfunc(math.erfc, 1, 1)


def number(x):
    return Fraction(str(x))


def seconds_of(when):
    """Seconds since 1970 of what YAML made of a time."""
    if isinstance(when, str):
        when = datetime.datetime.fromisoformat(when.replace("Z", "+00:00"))
    return round(when.timestamp())


def term(name, coin):
    """What a venue's name stands for (docs/methods/market_state.md and the venue's list of lots)."""
    parts, pair = name.split("-"), name.split("-")[0].split("_")
    linear = len(pair) == 2
    out = {"style": "linear" if linear else "inverse", "underlying": pair[0], "settlement": pair[-1], "contract_size": 1}
    out["kind"] = {1: "spot", 2: "perpetual" if parts[-1] == "PERPETUAL" else "future"}.get(len(parts), "option")
    if out["kind"] in ("future", "option"):
        day, month, year = int(parts[1][:-5]), MONTHS.index(parts[1][-5:-2]) + 1, 2000 + int(parts[1][-2:])
        out["expiry"] = f"{year}-{month:02d}-{day:02d}T08:00:00Z"
    if out["kind"] == "option":
        out["strike"], out["type"] = parts[2].replace("d", "."), "call" if parts[3] == "C" else "put"
    option = out["kind"] == "option"
    if linear:
        out["lot"] = {"BTC": "0.01" if option else "0.001", "ETH": "0.1" if option else "0.01"}[coin]
    else:
        out["lot"] = {"BTC": "0.1" if option else "10"}.get(coin, "1")
    return out


class Market:
    def __init__(self, path):
        data = yaml.safe_load(path.read_text())
        self.as_of, self.surface = seconds_of(data["as_of"]), data.get("volatility") == "surface"
        self.decimals, self.usd = {}, {}
        for name, asset in data["assets"].items():
            self.decimals[name] = asset.get("decimals", 8)
            self.usd[name] = float(asset["usd"]) if "usd" in asset else None
        self.index, self.expiries = {}, {}
        for name, underlying in data["underlyings"].items():
            self.index[name] = float(underlying["index"])
            self.usd[name] = self.usd[name] or self.index[name]
            self.expiries[name] = {seconds_of(e["expiry"]): e for e in underlying.get("expiries", [])}
        self.contracts = {}
        for item in data["instruments"]:
            if "kind" not in item:
                item = {**term(item["name"], item["name"].split("-")[0].split("_")[0]), **item}
            item["content"] = number(item["contract_size"]) * number(item["lot"])  # of one lot
            if "expiry" in item:
                item["T"] = seconds_of(item["expiry"]) - self.as_of
                item["state"] = self.expiries[item["underlying"]][seconds_of(item["expiry"])]
            self.contracts[item["name"]] = item

    def vol_now(self, c, k):
        """Vol before shocks at log moneyness k (a number or an array)."""
        if "vol" in c and not (self.surface and "svi" in c["state"]):
            return c["vol"] + 0 * k
        s = c["state"]["svi"]
        w = s["a"] + s["b"] * (s["rho"] * (k - s["m"]) + numpy.sqrt((k - s["m"]) ** 2 + s["sigma"] ** 2))
        return numpy.sqrt(numpy.maximum(w, 0) / (c["T"] / YEAR))


def black(call, forward, strike, vol, years):
    """Undiscounted Black-76 through erfc, arrays; intrinsic where there is no time or vol."""
    sign = 1.0 if call else -1.0
    intrinsic = numpy.maximum(sign * (forward - strike), 0.0)
    s = vol * math.sqrt(years)
    live = s > 0
    t = numpy.where(live, s, 1.0)
    d1 = numpy.log(forward / strike) / t + t / 2
    normal = lambda z: 0.5 * erfc(-z / math.sqrt(2)).astype(float)
    return numpy.where(live, sign * (forward * normal(sign * d1) - strike * normal(sign * (d1 - t))), intrinsic)


class Scenarios:
    """One set: arrays over its scenarios. The multipliers of assets that are not named are 1."""

    def __init__(self, names, horizon=0):
        n = len(names)
        self.names, self.horizon, self.price, self.term = names, horizon, {}, {}
        self.vol = self.floor = self.basis = self.rate = numpy.zeros(n)
        self.dampening = self.weight = numpy.ones(n)

    def move(self, asset):
        return self.price.get(asset, numpy.ones(len(self.names)))


def percent(text):
    value = number(text) * 100
    digits = f"{float(value):.10f}".rstrip("0").rstrip(".")
    return ("+" if value > 0 else "") + digits + " %"


def seconds_in(text):
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": DAY}[text[-1]]


def grid(spec, market):
    horizon = seconds_in(spec.get("horizon", "0s")) if spec.get("value_at") == "horizon" else 0
    lists = [spec.get(key, ["0"]) for key in ("spot", "vol", "basis", "rate")]
    rows, names = [], []
    for s in lists[0]:
        for v in lists[1]:
            for b in lists[2]:
                for r in lists[3]:
                    name = "spot " + percent(s)
                    name += ", vol " + percent(v) if len(lists[1]) > 1 or float(v) != 0 else ""
                    name += ", basis " + percent(b) + " a year" if len(lists[2]) > 1 else ""
                    name += ", rate " + percent(r) if len(lists[3]) > 1 else ""
                    names.append(name)
                    rows.append([s, v, b, r, spec.get("dampening", 1), 1])
    for extra in spec.get("extra", []):
        names.append(extra["name"])
        rows.append([extra["spot"], extra.get("vol", 0), extra.get("basis", 0), extra.get("rate", 0),
                     extra.get("dampening", 1), extra.get("weight", 1)])
    set_ = Scenarios(names, horizon)
    spot, set_.vol, set_.basis, set_.rate, set_.dampening, set_.weight = numpy.array(
        [[float(x) for x in row] for row in rows]).T
    set_.price = {name: 1 + spot for name in market.index}
    set_.floor = numpy.where(set_.vol > 0, float(spec.get("vol_floor", 0)), 0.0)
    set_.term = {key: float(x) for key, x in spec.get("vol_term", {}).items()}
    return set_


def closes(folder, coin):
    with gzip.open(folder / f"{coin}USDT_8h.csv.gz", "rt") as file:
        rows = [(int(row["t_ms"]), float(row["close"])) for row in csv.DictReader(file)]
    step = min(b[0] - a[0] for a, b in zip(rows, rows[1:]))
    return {t + step: close for t, close in rows}  # by the end of the bar


def historical(spec, market, folder):
    step = seconds_in(spec["horizon"])
    history = {coin: closes(folder, coin) for coin in ("BTC", "ETH", "SOL", "USDC")}
    last = min(max(max(h) for h in history.values()), market.as_of * 1000) // (step * 1000) * step
    count = spec["window_days"] * DAY // step
    ends = [last - step * i for i in reversed(range(count))]
    if any(t * 1000 not in h for h in history.values() for e in ends for t in (e, e - step)):
        raise SystemExit("the example's bars have gaps; this check does not know proxies")
    returns = {coin: [h[e * 1000] / h[(e - step) * 1000] for e in ends] for coin, h in history.items()}
    names = [yaml_time(e) for e in ends]
    set_ = Scenarios(names, step if spec.get("value_at") == "horizon" else 0)
    set_.price = {coin: numpy.array(series) for coin, series in returns.items()}
    set_.covered = set(history)
    return set_


def yaml_time(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def term_scale(term_, seconds):
    days = seconds / DAY
    reference = term_.get("reference_days", 30)
    power = term_.get("power_short", 0) if days <= reference else term_.get("power_long", 0)
    if power == 0:
        return 1.0
    scale = (reference / max(days, term_.get("floor_days", 1))) ** power
    return min(max(scale, term_.get("floor", 0)), term_.get("cap", 1e9))


def value(market, c, s):
    """USD of one lot in every scenario, before dampening (docs/methods/revaluation.md)."""
    u, settle = c["underlying"], c["settlement"]
    move, usd = s.move(u), market.usd[settle] * s.move(settle)
    content, inverse = float(c["content"]), c["style"] == "inverse"
    if c["kind"] in ("future", "option"):
        over = c["T"] <= s.horizon
        left = 0.0 if over else (c["T"] - s.horizon) / YEAR
        base = market.index[u] if over else float(c["state"]["forward"])
        forward = base * move * numpy.exp(s.basis * left)
    if c["kind"] == "option":
        strike = float(c["strike"])
        vol = market.vol_now(c, numpy.log(strike / forward))
        vol = vol * numpy.maximum(0, 1 + s.vol * term_scale(s.term, c["T"]))
        undiscounted = black(c["type"] == "call", forward, strike, numpy.maximum(vol, s.floor), left)
        discount = 1 / forward if inverse else numpy.exp(-(c["state"].get("rate", 0) + s.rate) * left)
        return content * undiscounted * discount * usd
    mark = float(c.get("mark", market.index[u]))
    price = mark * move
    if c["kind"] == "future":
        price = forward if over else mark * forward / float(c["state"]["forward"])
    paid = c.get("funding_rate", 0) * s.horizon / (8 * 3600) if c["kind"] == "perpetual" else 0.0
    return -content / price * (1 + paid) * usd if inverse else content * price * (1 - paid) * usd


class Array:
    """Values of everything in every set, and how coarse the program's rows are."""

    def __init__(self, market, sets):
        self.market, self.sets = market, sets
        self.now, self.then, self.exponent = {}, {}, {}
        here = Scenarios(["now"])
        for name, c in market.contracts.items():
            self.add(name, value(market, c, here)[0], lambda s: value(market, c, s))
        for name, usd in market.usd.items():
            unit = usd * 10.0 ** -market.decimals[name]
            self.add(("asset", name), unit, lambda s: unit * s.move(name))

    def add(self, row, now, values):
        self.now[row] = now
        self.then[row] = {name: now + s.dampening * (values(s) - now) for name, s in self.sets.items()}
        largest = max([abs(now)] + [float(abs(v).max()) for v in self.then[row].values()])
        # The smallest e with 2 largest 2^-e <= 2^31 - 1.
        self.exponent[row] = math.ceil(math.log2(2 * largest / (2 ** 31 - 1))) if largest > 0 else 0
