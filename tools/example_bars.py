#!/usr/bin/env python3
"""Writes examples/bars/*.csv.gz: invented prices for the example, from a fixed seed.

A GARCH(1,1) market factor with Student t shocks and a few common jumps; each coin is beta times the factor plus its own
noise, a stablecoin stays near 1 with one short depeg. Nothing here is a price that ever was. Steps of 8 hours; the last
bar closes at the example market's as_of. Usage: tools/example_bars.py [FOLDER]
"""
import gzip
import io
import math
import pathlib
import random
import sys

STEP_MS = 8 * 3600 * 1000
END_MS = 1772352000000  # 2026-03-01T08:00:00Z
BARS = 3 * 1250 + 40
COINS = {"BTC": (1.0, 0.004, 67000.0), "ETH": (1.25, 0.007, 1950.0), "SOL": (1.5, 0.012, 84.0)}


def student_t(draw, degrees):
    chi2 = sum(draw.gauss(0, 1) ** 2 for _ in range(degrees))
    return draw.gauss(0, 1) / math.sqrt(chi2 / degrees) * math.sqrt((degrees - 2) / degrees)


def factor_returns(draw):
    variance = 0.012**2
    returns = []
    for step in range(BARS):
        shock = student_t(draw, 5) * math.sqrt(variance)
        jump = -0.09 - 0.08 * draw.random() if draw.random() < 1 / 900 else 0.0
        returns.append(max(-0.35, shock + jump))
        variance = 0.04 * 0.012**2 + 0.10 * returns[-1] ** 2 + 0.86 * variance
    return returns


def closes(returns, last):
    """Prices whose last is `last`."""
    price, path = 1.0, []
    for move in returns:
        price *= math.exp(move)
        path.append(price)
    return [p / path[-1] * last for p in path]


def write(folder, symbol, prices, draw):
    text = io.StringIO()
    text.write("t_ms,open,high,low,close,volume\n")
    for i, close in enumerate(prices):
        opened = prices[i - 1] if i else close
        spread = abs(draw.gauss(0, 0.003)) + 0.0005
        high, low = max(opened, close) * (1 + spread), min(opened, close) * (1 - spread)
        at = END_MS - (len(prices) - i) * STEP_MS
        text.write(f"{at},{opened:.6g},{high:.6g},{low:.6g},{close:.6g},{draw.uniform(50, 500):.1f}\n")
    with open(folder / f"{symbol}_8h.csv.gz", "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
            packed.write(text.getvalue().encode())


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "examples/bars")
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(20260301)
    factor = factor_returns(draw)
    for coin, (beta, noise, last) in COINS.items():
        own = [beta * move + noise * student_t(draw, 6) for move in factor]
        write(folder, coin + "USDT", closes(own, last), draw)
    peg = [1.0 + 0.0004 * draw.gauss(0, 1) - (0.05 if 2100 <= i < 2104 else 0.0) for i in range(BARS)]
    peg[-1] = 1.0
    write(folder, "USDCUSDT", peg, draw)


if __name__ == "__main__":
    main()
