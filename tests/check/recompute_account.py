"""Equity, components, levels and contributions of an account, from docs/methods alone: part of recompute.py."""
import math
from fractions import Fraction

import numpy

from recompute_market import number, yaml_time


def group_key(c, name, position, grouping):
    underlying = c["underlying"]
    return {"all": "all", "underlying": underlying, "expiry": (underlying, c.get("T")), "instrument": name,
            "position": (name, position)}[grouping]


def ratio_differs(theirs, ours, tolerance):
    """A ratio of amounts that may each be a little off; both none, or both numbers."""
    if theirs is None or ours is None:
        return (theirs is None) != (ours is None)
    return not abs(float(theirs) - ours) <= tolerance


class Account:
    """Equity, components and levels of one account by a recipe."""

    def __init__(self, array, recipe, book, reported):
        self.array, self.market, self.recipe, self.book = array, array.market, recipe, book
        self.reported, self.components, self.tolerance, self.by_line, self.wrong = {}, {}, {}, {}, []
        self.unit = {}  # of the settlement asset, by the leg that was rounded to it
        if reported is not None:
            self.collect(reported["initial"]), self.collect(reported["maintenance"])
        self.balances = [(("asset", name), float(number(x) * 10 ** self.market.decimals[name]))
                         for name, x in book["balances"].items()]
        self.lines = [self.line(p) for p in book["positions"]]

    def collect(self, node):
        self.reported[node["component"]] = node
        for child in node.get("sum_of", []) + node.get("largest_of", []) + ([node["scale_of"]] if "scale_of" in node else []):
            self.collect(child)

    def line(self, position):
        """Holdings (row, quantity) of a position: lots and cost leg."""
        c = self.market.contracts[position["instrument"]]
        lots = number(position["size"]) / number(c["lot"])
        assert lots.denominator == 1
        holdings = [(position["instrument"], float(lots))]
        if c["kind"] != "option":
            asset = ("asset", c["settlement"])
            scale = 10 ** self.market.decimals[c["settlement"]]
            if "entry_price" in position:
                entry = number(position["entry_price"])
                coins = lots * c["content"] / entry if c["style"] == "inverse" else -lots * c["content"] * entry
                units = float(math.floor(coins * scale))
            else:
                # Down to a whole unit of the asset; where rounding of rows decides which, one unit is granted.
                units = float(math.floor(-float(lots) * self.array.now[position["instrument"]] / self.array.now[asset]))
            holdings.append((asset, units))
            if "entry_price" not in position:
                self.unit[id(holdings[-1])] = self.array.now[asset]
        return holdings

    def contract(self, i):
        return self.market.contracts[self.book["positions"][i]["instrument"]]

    def slack(self, holdings):
        """How far rows' rounding and doubles may move the value of some holdings."""
        rounding = sum(abs(q) * 2.0 ** (self.array.exponent[row] - 1) for row, q in holdings)
        gross = sum(abs(q * self.array.now[row]) for row, q in holdings)
        return rounding + 1e-11 * gross + 2e-8 + sum(self.unit.get(id(h), 0.0) for h in holdings)

    def exactness(self, holdings):
        """How far doubles may move what is not summed over rows: the value now."""
        gross = sum(abs(q * self.array.now[row]) for row, q in holdings)
        return 1e-12 * gross + 2e-8 + sum(self.unit.get(id(h), 0.0) for h in holdings)

    def value(self, holdings):
        return sum(q * self.array.now[row] for row, q in holdings)

    def loss(self, holdings, name):
        size = len(self.array.sets[name].names)
        return sum((q * (self.array.now[row] - self.array.then[row][name]) for row, q in holdings), numpy.zeros(size))

    def check(self, what, ours, theirs, tolerance):
        theirs = float(theirs)
        if not abs(ours - theirs) <= tolerance:
            self.wrong.append(f"{what}: {theirs:.9f}, recomputed {ours:.9f}, tolerance {tolerance:.2g}")
        return abs(ours - theirs)

    def groups(self, grouping, included):
        groups = {}
        for i, position in enumerate(self.book["positions"]):
            if included(i):
                c = self.market.contracts[position["instrument"]]
                groups.setdefault(group_key(c, position["instrument"], i, grouping), []).append(i)
        return list(groups.values())

    def group_name(self, lines, grouping):
        name = self.book["positions"][lines[0]]["instrument"]
        c = self.market.contracts[name]
        if grouping in ("all", "underlying"):
            return "all" if grouping == "all" else c["underlying"]
        if grouping == "expiry":
            return c["underlying"] + (" " + yaml_time(self.market.as_of + c["T"])[:10] if "T" in c else "")
        return name

    def measure(self, name, rule):
        set_ = self.array.sets[rule["scenarios"]]
        grouping, with_balances = rule.get("group", "all"), rule.get("balances", False)
        weight = set_.weight if rule["measure"] == "weighted_worst" else numpy.ones(len(set_.names))
        covered = getattr(set_, "covered", None)
        kept = lambda u: covered is None or u in covered
        groups = self.groups(grouping, lambda i: kept(self.contract(i)["underlying"]))
        amount, slack, parts = 0.0, 0.0, [0.0] * (len(self.lines) + 1)
        tails = {g["group"]: g for g in self.reported[name]["groups"]} if name in self.reported and groups else {}
        for lines in groups or ([[]] if with_balances else []):
            extra = [b for b in self.balances if kept(b[0][1]) or b[0][1] not in self.market.index] if with_balances else []
            holdings = sum((self.lines[i] for i in lines), []) + extra
            loss, bound = self.loss(holdings, rule["scenarios"]) * weight, 2 * self.slack(holdings)
            order = sorted(range(len(loss)), key=lambda s: (-loss[s], s))
            k = 1
            if rule["measure"] in ("var", "es"):
                k = math.ceil((1 - number(rule["confidence"])) * len(loss))
            tail = order[k - 1:k] if rule["measure"] == "var" else order[:k]
            group = tails.get(self.group_name(lines, grouping) if lines else "all")
            if group:
                theirs = [set_.names.index(s) for s in group["scenarios"]]
                if sorted(theirs) != sorted(tail):  # only scenarios that rounding cannot tell apart may be exchanged
                    swapped = set(theirs) ^ set(tail)
                    if len(theirs) != len(tail) or any(abs(loss[s] - loss[tail[-1]]) > bound for s in swapped):
                        self.wrong.append(f"{name} {group['group']}: its scenarios are {group['scenarios'][:3]} ..., recomputed "
                                          f"{[set_.names[s] for s in tail][:3]} ...")
                    tail = theirs
                self.check(f"{name} {group['group']}", max(0.0, loss[tail].mean()), group["amount_usd"], bound)
            part = max(0.0, loss[tail].mean())
            if part > 0:
                for i in lines:
                    parts[i] += (self.loss(self.lines[i], rule["scenarios"]) * weight)[tail].mean()
                parts[-1] += (self.loss(extra, rule["scenarios"]) * weight)[tail].mean()
            amount, slack = amount + part, slack + bound
        return amount, slack, parts

    def rate(self, name, rule):
        kinds, side = rule.get("kinds"), rule.get("side", "both")

        def included(i):
            c = self.contract(i)
            return (not kinds or c["kind"] in kinds) and (side == "both" or (side == "long") == (self.lines[i][0][1] > 0))

        def base(i):
            c, (row, lots) = self.contract(i), self.lines[i][0]
            if rule["base"] == "notional":
                return self.notional(i)
            if rule["base"] == "mark_value":
                return lots * self.array.now[row]
            return max(0.0, self.value(self.lines[i])) if c["kind"] != "option" else 0.0

        amount, slack, parts = 0.0, 0.0, [0.0] * (len(self.lines) + 1)
        for lines in self.groups(rule.get("group", "position"), included):
            c = self.contract(lines[0])
            rate = float(rule.get("rates", {}).get(c["underlying"], rule["rate"]))
            bases = [base(i) for i in lines]
            sign = 0 if abs(sum(bases)) < 1e-9 * sum(map(abs, bases)) else -1 if sum(bases) < 0 else 1
            for i, b in zip(lines, bases):
                parts[i] += rate * b * sign
            amount += rate * abs(sum(bases))
            slack += rate * sum(self.slack(self.lines[i]) + 1e-11 * abs(b) for i, b in zip(lines, bases))
        return amount, slack, parts

    def component(self, name, rule):
        if "measure" in rule:
            return self.measure(name, rule)
        if "rate" in rule:
            return self.rate(name, rule)
        of = rule.get("sum") or rule.get("max") or [rule["scale"]]
        parts = [(self.components[x], self.tolerance[x], self.by_line[x]) for x in of]
        if "scale" in rule:
            by = float(rule["by"])
            return parts[0][0] * by, parts[0][1] * by, [x * by for x in parts[0][2]]
        if "sum" in rule:
            return sum(p[0] for p in parts), sum(p[1] for p in parts), [sum(x) for x in zip(*(p[2] for p in parts))]
        best = max(range(len(parts)), key=lambda i: (parts[i][0], -i))
        if name in self.reported:
            chosen = of.index(self.reported[name]["chosen"])
            if parts[best][0] - parts[chosen][0] > parts[best][1] + parts[chosen][1]:
                self.wrong.append(f"{name}: {of[chosen]} was chosen, {of[best]} is larger")
            best = chosen
        return parts[best]

    def notional(self, i):
        """USD of a position, signed: options at the index, all others at their mark."""
        c, lots = self.contract(i), self.lines[i][0][1]
        content, usd = float(c["content"]), self.market.usd[c["settlement"]]
        if c["kind"] == "option":
            return lots * content * self.market.index[c["underlying"]]
        mark = float(c.get("mark", self.market.index[c["underlying"]]))
        return lots * content * (usd / mark if c["style"] == "inverse" else mark * usd)

    def compare_ratios(self, reported):
        """Health factor and leverage, within what equity and requirements may be off by."""
        equity, gross = float(reported["equity_usd"]), sum(abs(self.notional(i)) for i in range(len(self.lines)))
        self.check("gross notional", gross, reported["gross_notional_usd"], 1e-8 + 1e-11 * gross)
        need = {level: float(reported["levels"][level]["requirement_usd"]) for level in ("initial", "maintenance")}
        ours = {"health_factor": (equity, need["maintenance"]), "effective_leverage": (gross, max(equity, 0)),
                "maximum_leverage": (gross, need["initial"])}
        for name, (above, below) in ours.items():
            value = above / below if below > 0 else 0.0 if name == "health_factor" and equity < 0 else None
            if ratio_differs(reported[name], value, 2e-6 + 1e-9 * abs(value or 0)):
                self.wrong.append(f"{name}: {reported[name]}, recomputed {value}")

    def credit_parts(self):
        """Books of the parts that stand alone: each position, and the balances where a measure holds them."""
        parts = [{**self.book, "positions": [p], "balances": {}} for p in self.book["positions"]]
        rules = list(self.recipe["components"].values()) + list(self.recipe["levels"].values())
        holds = any(isinstance(rule, dict) and rule.get("balances") for rule in rules)
        balances = [{**self.book, "positions": []}] if holds and self.book["balances"] else []
        return parts, balances

    def requirements(self):
        """Both levels and how far they may be off, without a report to compare with."""
        rules, names = dict(self.recipe["components"]), {}
        for level in ("maintenance", "initial"):
            rule = self.recipe["levels"][level]
            names[level] = level if isinstance(rule, dict) else rule
            if isinstance(rule, dict):
                rules[level] = rule
        for name, rule in rules.items():
            self.components[name], self.tolerance[name], self.by_line[name] = self.component(name, rule)
        return {level: (self.components[name], self.tolerance[name] + 2e-8) for level, name in names.items()}

    def compare_credit(self, reported):
        """The total credit from assessments of the parts, recomputed one by one."""
        parts, balances = self.credit_parts()
        alone = [Account(self.array, self.recipe, book, None).requirements() for book in parts + balances]
        for level in ("initial", "maintenance"):
            told = reported["diversification"][level]
            if ("balances_alone_usd" in told) != bool(balances):
                self.wrong.append(f"{level}: balances alone are {told.get('balances_alone_usd')}")
            own, tolerance = self.level(level)
            total, slack = sum(x[level][0] for x in alone), sum(x[level][1] for x in alone)
            self.check(f"{level} credit", total - own, told["credit_usd"], slack + tolerance)

    def level(self, level):
        rule = self.recipe["levels"][level]
        name = level if isinstance(rule, dict) else rule
        return self.components[name], self.tolerance[name] + 2e-8

    def compare(self, reported):
        everything = self.balances + sum(self.lines, [])
        slack, self.differences = self.exactness(everything), {}
        self.differences["equity"] = self.check("equity", self.value(everything), reported["equity_usd"], slack)
        rounding = sum(abs(q) * 2.0 ** (self.array.exponent[row] - 1) for row, q in everything)
        self.check("row_rounding", rounding, reported["row_rounding_usd"], 1e-7 + 1e-6 * rounding)
        rules = dict(self.recipe["components"])
        levels = {}
        for level in ("maintenance", "initial"):
            rule = self.recipe["levels"][level]
            levels[level] = level if isinstance(rule, dict) else rule
            if isinstance(rule, dict):
                rules[level] = rule
        for name, rule in rules.items():
            self.components[name], self.tolerance[name], self.by_line[name] = self.component(name, rule)
            if name in self.reported:
                self.check(name, self.components[name], self.reported[name]["amount_usd"], self.tolerance[name] + 2e-8)
        for level, name in levels.items():
            requirement = float(reported["levels"][level]["requirement_usd"])
            self.differences[level] = self.check(level, self.components[name], requirement, self.tolerance[name] + 2e-8)
            if reported["levels"][level]["met"] != (float(reported["equity_usd"]) >= requirement):
                self.wrong.append(f"{level}: met is {reported['levels'][level]['met']}")
            theirs = [p[f"{level}_contribution_usd"] for p in reported["positions"]]
            theirs.append(reported[f"balances_{level}_contribution_usd"])
            for i, x in enumerate(theirs):
                what = reported["positions"][i]["instrument"] if i < len(self.lines) else "balances"
                self.check(f"{level} contribution of {what}", self.by_line[name][i], x, self.tolerance[name] + 2e-8)
            if sum(map(Fraction, theirs)) != Fraction(reported["levels"][level]["requirement_usd"]):
                self.wrong.append(f"{level}: contributions do not sum to it")
        for i, p in enumerate(reported["positions"]):
            self.check("value of " + p["instrument"], self.value(self.lines[i][:1]), p["value_usd"],
                       self.exactness(self.lines[i]))
            if len(self.lines[i]) == 2:
                self.check("pnl of " + p["instrument"], self.value(self.lines[i]), p["unrealised_pnl_usd"],
                           self.exactness(self.lines[i]))
        self.compare_ratios(reported)
        self.compare_credit(reported)
        missing, held = False, {self.market.contracts[p["instrument"]]["underlying"] for p in self.book["positions"]}
        for rule in rules.values():
            covered = getattr(self.array.sets.get(rule.get("scenarios")), "covered", None)
            in_balances = {row[1] for row, q in self.balances if q != 0 and rule.get("balances")}
            missing = missing or covered is not None and bool((held | in_balances) - covered)
        if missing == reported["complete"]:
            self.wrong.append(f"complete is {reported['complete']}")
        self.allowed = {"equity": slack, **{level: self.tolerance[name] + 2e-8 for level, name in levels.items()}}
        return self.wrong
