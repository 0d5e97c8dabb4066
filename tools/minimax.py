"""Near-minimax polynomial and rational fits in many digits, shared by the fit_*.py scripts of this folder.

Method: weighted linear least squares on Chebyshev points. The denominator is made linear by weighting with the one of
the previous step (Sanathanan and Koerner 1963); Lawson's reweighting (1961) turns least squares into least maximum.
"""
from mpmath import mp, mpf, matrix, lu_solve, cos, pi

mp.dps = 70


def chebyshev_points(low, high, count):
    middle, half = (mpf(low) + high) / 2, (mpf(high) - low) / 2
    return [middle + half * cos(pi * (2 * i + 1) / (2 * count)) for i in range(count)]


def horner(coefficients, x):
    value = mpf(0)
    for c in reversed(coefficients):
        value = value * x + c
    return value


def fit(f, points, numerator, denominator=0, weight=None, steps=60, fixed=0):
    """Coefficients (p, q), lowest power first and q[0] = 1, with small max of weight * |p/q - f|.

    weight(x, f) is 1/|f| by default, the relative error. `steps` are the Lawson iterations.
    """
    values = [f(x) for x in points]
    base = [(1 / abs(v)) if weight is None else weight(x, v) for x, v in zip(points, values)]
    lawson = [mpf(1)] * len(points)
    previous = [mpf(1)] * len(points)
    size = numerator + 1 + denominator
    best = None
    for _ in range(steps):
        normal, right = matrix(size, size), matrix(size, 1)
        for x, v, w, l, q in zip(points, values, base, lawson, previous):
            row, power = [], mpf(1)
            for _ in range(numerator + 1):
                row.append(power)
                power *= x
            power = x
            for _ in range(denominator):
                row.append(-v * power)
                power *= x
            scale = l * (w / q) ** 2
            for i in range(size):
                s = scale * row[i]
                right[i] += s * v
                for j in range(i, size):
                    normal[i, j] += s * row[j]
        for i in range(size):
            for j in range(i):
                normal[i, j] = normal[j, i]
        solution = lu_solve(normal, right)
        p = [solution[i] for i in range(numerator + 1)]
        q = [mpf(1)] + [solution[numerator + 1 + i] for i in range(denominator)]
        previous = [horner(q, x) for x in points]
        errors = [w * abs(horner(p, x) / d - v) for x, v, w, d in zip(points, values, base, previous)]
        worst = max(errors)
        if best is None or worst < best[0]:
            best = (worst, p, q)
        mean = sum(e * l for e, l in zip(errors, lawson)) / sum(lawson)
        lawson = [max(l * e / mean, mpf(10) ** -12) for l, e in zip(lawson, errors)]
    return best


def table(name, coefficients):
    """The C++ line of one table, each number as the nearest double in hexadecimal so that no digit is lost."""
    numbers = ", ".join(float(c).hex() for c in coefficients)
    return f"inline constexpr double {name}[] = {{{numbers}}};"
