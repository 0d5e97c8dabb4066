#!/usr/bin/env python3
"""Writes examples/market.yaml and examples/chain.csv: an invented market and option chain, from a fixed seed.

Smiles are SSVI slices that are free of arbitrage (Gatheral and Jacquier 2014), prices are Black-76 on them. No number
here is a quote that ever was. Prices agree with the last bars of examples/bars. Usage: tools/example_market.py [FOLDER]
"""
import datetime
import math
import pathlib
import random
import sys

AS_OF = datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.timezone.utc)
COINS = {"BTC": (67000.0, 0.52, 1000), "ETH": (1950.0, 0.70, 50)}  # index, vol at the money, strike step
DAYS = [5, 12, 26, 54, 117, 208]
RHO, ETA = -0.25, 0.9


def expiry_of(days):
    return AS_OF + datetime.timedelta(days=days)


def name_of(coin, days):
    day = expiry_of(days)
    return f"{coin}-{day.day}{day.strftime('%b').upper()}{day.strftime('%y')}"


def slice_of(vol, years):
    """Raw SVI of an SSVI slice with power-law phi."""
    theta = vol * vol * years * (1 - 0.15 * math.exp(-4 * years))
    phi = ETA / math.sqrt(theta * (1 + theta))
    return {"a": theta / 2 * (1 - RHO * RHO), "b": theta * phi / 2, "rho": RHO, "m": -RHO / phi,
            "sigma": math.sqrt(1 - RHO * RHO) / phi}


def vol_at(svi, k, years):
    h = k - svi["m"]
    return math.sqrt((svi["a"] + svi["b"] * (svi["rho"] * h + math.hypot(h, svi["sigma"]))) / years)


def black(forward, strike, vol, years, call):
    """Undiscounted, in units of the forward."""
    s = vol * math.sqrt(years)
    d1 = math.log(forward / strike) / s + s / 2
    cdf = lambda x: 0.5 * math.erfc(-x / math.sqrt(2))
    value = cdf(d1) - strike / forward * cdf(d1 - s)
    return value if call else value - 1 + strike / forward


def forward_of(index, years):
    return round(index * math.exp(0.035 * years), 2)


def strikes(forward, width, step):
    low, high = forward * math.exp(-2.4 * width), forward * math.exp(2.4 * width)
    stride = step * max(1, round((high - low) / step / 12))
    first = math.ceil(low / stride) * stride
    return [first + i * stride for i in range(int((high - first) / stride) + 1)]


def g(value):
    return f"{value:.8g}"


def market(out):
    out.append("# An invented market (tools/example_market.py): no number here is a quote that ever was.")
    out.append("# Contracts under a venue's own name need no terms; any other states them, as the last one does.")
    out.append(f"version: 1\nas_of: {AS_OF.strftime('%Y-%m-%dT%H:%M:%SZ')}\nvolatility: mark\n")
    out.append("assets:\n  USDC: {decimals: 6, usd: 1}\n  BTC: {decimals: 8}\n  ETH: {decimals: 8}\n  SOL: {decimals: 8}\n")
    out.append("underlyings:")
    rows = []
    for coin, (index, vol, step) in COINS.items():
        out.append(f"  {coin}:\n    index: {g(index)}\n    expiries:")
        rows.append(f"  - {{name: {coin}-PERPETUAL, mark: {g(index * 1.0002)}, funding_rate: 0.0001, open_interest: {g(index * 9000)}}}")
        rows.append(f"  - {{name: {coin}_USDC-PERPETUAL, mark: {g(index * 1.0003)}, funding_rate: 0.00012, open_interest: 2500}}")
        for days in DAYS[2:5]:
            years = days / 365
            svi, forward = slice_of(vol, years), forward_of(index, years)
            numbers = ", ".join(f"{key}: {g(value)}" for key, value in svi.items())
            stamp = expiry_of(days).strftime("%Y-%m-%dT%H:%M:%SZ")
            out.append(f"      - {{expiry: {stamp}, forward: {g(forward)}, svi: {{{numbers}}}}}")
            rows.append(f"  - {{name: {name_of(coin, days)}, mark: {g(forward)}, open_interest: {g(index * 500)}}}")
            for strike in strikes(forward, vol * math.sqrt(years), step)[1:-1:2]:
                for call in (True, False):
                    v = round(vol_at(svi, math.log(strike / forward), years), 4)
                    mark = black(forward, strike, v, years, call)
                    rows.append(f"  - {{name: {name_of(coin, days)}-{strike}-{'C' if call else 'P'}, mark: {mark:.6f}, vol: {v}, open_interest: 400}}")
    out.append("  SOL:\n    index: 84\n\ninstruments:")
    out.extend(rows)
    out.append("  - name: SOL-PERP\n    kind: perpetual\n    style: linear\n    underlying: SOL\n    settlement: USDC\n    contract_size: 1\n"
               "    tick: 0.001\n    lot: 0.1\n    mark: 84.02\n    funding_rate: 0.00015\n    open_interest: 90000")


def chain(out):
    draw = random.Random(20260301)
    t_ms = int(AS_OF.timestamp() * 1000)
    out.append("t_ms,instrument,underlying_price,index_price,bid,ask,mark,mark_iv,delta,vega,open_interest,volume_24h")
    for coin, (index, vol, step) in COINS.items():
        for days in DAYS:
            years = days / 365
            svi, forward = slice_of(vol, years), forward_of(index, years)
            for strike in strikes(forward, vol * math.sqrt(years), step):
                v = round(vol_at(svi, math.log(strike / forward), years) + draw.uniform(-0.002, 0.002), 4)
                for call in (True, False):
                    mark = black(forward, strike, v, years, call)
                    bid = math.floor(black(forward, strike, v - 0.01, years, call) * 1e4) / 1e4
                    ask = math.ceil(black(forward, strike, v + 0.01, years, call) * 1e4) / 1e4
                    out.append(f"{t_ms},{name_of(coin, days)}-{strike}-{'C' if call else 'P'},{forward},{index:.2f},"
                               f"{f'{bid:.4f}' if bid > 0 else ''},{ask:.4f},{mark:.8f},{100 * v:.2f},,,{draw.randrange(1, 800)},")


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "examples")
    for file, write in (("market.yaml", market), ("chain.csv", chain)):
        out = []
        write(out)
        (folder / file).write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
