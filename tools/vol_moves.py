#!/usr/bin/env python3
"""Fits the numbers of a recipe's vol_moves to recorded chains: usage vol_moves.py FOLDER [--share 0.5] [--from 0] [--components 4]

FOLDER has deribit_chain_YYYY-MM.csv.gz; the chains from the share --from of them up to --share are read. It shares
nothing with the engine, which fits the same while it walks (backtest --chains --vol-moves); the method is in
docs/methods/option_books.md. Beside the numbers it prints how much of the marks' moves the components explain. With
--components 1, 2 or 3 a move is one of the first of level, skew, wings, term alone.
"""
import argparse
import calendar
import gzip
import math
import pathlib

WIDTH, MONTH, DAY = 0.1, 30, 86_400_000
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
COMPONENTS = "level skew wings term".split()


def expiry_ms(text):
    month = MONTHS.index(text[-5:-2]) + 1
    return calendar.timegm((2000 + int(text[-2:]), month, int(text[:-5]), 8, 0, 0)) * 1000


def read_chains(folder):
    """By time, then coin: ({(expiry, strike): (vol, forward)} of the options out of the money, index)."""
    chains = {}
    for path in sorted(pathlib.Path(folder).glob("deribit_chain_????-??.csv.gz")):
        with gzip.open(path, "rt") as lines:
            columns = next(lines).strip().split(",")
            time, name, forward, index, vol = (
                columns.index(c) for c in ("t_ms", "instrument", "underlying_price", "index_price", "mark_iv"))
            for line in lines:
                cells = line.strip().split(",")
                parts = cells[name].split("-")
                coins = chains.setdefault(int(cells[time]), {})
                if len(parts) != 4 or "_" in parts[0] or not cells[vol] or float(cells[vol]) <= 0:
                    continue
                strike, price = float(parts[2].replace("d", ".")), float(cells[forward])
                marks = coins.setdefault(parts[0], ({}, float(cells[index])))[0]
                if (parts[3] == "C") == (strike >= price):
                    marks[expiry_ms(parts[1]), strike] = (math.log(float(cells[vol]) / 100), price)
    return chains


def parts_of(key, price, at):
    """What a mark's log move is a sum of; nothing for one that is far or nearly expired."""
    days = (key[0] - at) / DAY
    if days < 1:
        return None
    x = math.log(key[1] / price) / (WIDTH * math.sqrt(days / MONTH))
    if abs(x) > 3:
        return None
    kept = min(days, 360)
    x = math.log(key[1] / price) / (WIDTH * math.sqrt(kept / MONTH))
    x = max(-2, min(2, x))
    return [(MONTH / days) ** (0.3 if days <= MONTH else 0.13), x, x * x, math.log(kept / MONTH)]


def least_squares(rows, targets):
    n = len(rows[0])
    matrix = [[sum(r[i] * r[j] for r in rows) for j in range(n)] + [sum(r[i] * t for r, t in zip(rows, targets))]
              for i in range(n)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(matrix[k][i]))
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        for k in range(n):
            if k != i:
                factor = matrix[k][i] / matrix[i][i]
                matrix[k] = [a - factor * b for a, b in zip(matrix[k], matrix[i])]
    return [matrix[i][n] / matrix[i][i] for i in range(n)]


def mean_square(values):
    return sum(v * v for v in values) / len(values)


def step_of(before, after, at, wanted, left):
    """Log return and moves of one coin between two chains; adds what each number of components leaves to `left`."""
    rows, moves, kept = [], [], []
    for key, (vol, price) in before[0].items():
        parts = parts_of(key, price, at)
        if parts and key in after[0]:
            rows.append(parts)
            moves.append(after[0][key][0] - vol)
    for count in range(5):
        cut = [row[:count] for row in rows]
        found = least_squares(cut, moves) if count else []
        left[count] += mean_square([m - sum(f * c for f, c in zip(found, row)) for row, m in zip(cut, moves)])
        kept = found if count == wanted else kept
    return [math.log(after[1] / before[1])] + kept


def steps_of(chains, wanted):
    times, steps, left = sorted(chains), [], [0] * 5
    for at, later in zip(times, times[1:]):
        both = chains[at].keys() & chains[later].keys()
        if both and 4 <= (later - at) / 3.6e6 <= 12:
            found = [step_of(chains[at][coin], chains[later][coin], at, wanted, left) for coin in sorted(both)]
            steps.append([sum(column) / len(found) for column in zip(*found)])
    return steps, left


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder")
    arguments.add_argument("--share", type=float, default=0.5)
    arguments.add_argument("--from", type=float, default=0, dest="first")
    arguments.add_argument("--components", type=int, choices=[1, 2, 3, 4], default=4)
    asked = arguments.parse_args()
    chains = read_chains(asked.folder)
    times = sorted(chains)
    kept = times[int(len(times) * asked.first):int(len(times) * asked.share)]
    steps, left = steps_of({time: chains[time] for time in kept}, asked.components)
    print(f"{len(kept)} of {len(times)} chains, {len(steps)} steps, until {kept[-1]} ms")
    shares = ", ".join(f"{1 - part / left[0]:.3f}" for part in left[1:])
    print(f"of the square of the marks' log moves 1, 2, 3, 4 components explain {shares}")
    level = None
    for c, component in enumerate(COMPONENTS[:asked.components]):
        rows = [[1, step[0], abs(step[0])] for step in steps]
        moves = [step[1 + c] for step in steps]
        line = least_squares(rows, moves)
        rest = [m - sum(a * b for a, b in zip(line, row)) for m, row in zip(moves, rows)]
        explained = 1 - mean_square(rest) / mean_square([m - sum(moves) / len(moves) for m in moves])
        level = level or rest
        beside = sum(a * b for a, b in zip(level, rest)) / sum(a * a for a in level) if c else 0
        own = [r - beside * l for r, l in zip(rest, level)]
        square = mean_square(own)
        print(f"{component}: constant {line[0]:.5f} slope {line[1]:.4f} size {line[2]:.4f} with_level {beside:.4f} "
              f"spread {math.sqrt(square):.5f} (returns explain {explained:.2f}; kurtosis of the rest "
              f"{sum(o ** 4 for o in own) / len(own) / square ** 2:.1f})")


if __name__ == "__main__":
    main()
