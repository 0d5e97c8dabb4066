#!/usr/bin/env python3
"""Prints src/math/coefficients.h: every fitted constant of math/ and pricing/, from definitions and nothing else.

Run: /usr/bin/python3 tools/fit_coefficients.py > src/math/coefficients.h      (needs python3-mpmath; about a minute)
The error of each fit in exact arithmetic stands beside its table; tests measure the error of the double code.
"""
from mpmath import erfc, erfinv, exp, log, mp, mpf, pi, sqrt, tanh

from minimax import chebyshev_points, fit, table


def show(comment, name, coefficients):
    print(f"/// {comment}")
    print(table(name, coefficients))


def exponential():
    bound = log(mpf(2)) / 2 * mpf("1.0001")
    points = chebyshev_points(-bound, bound, 120)
    for degree, name in ((11, "exp_tail"),):
        error, p, _ = fit(lambda r: (exp(r) - 1 - r) / r**2, points, degree - 2, weight=lambda r, _: r**2 / exp(r), steps=25)
        show(f"exp(r) = 1 + r + r^2 p(r) on |r| <= ln(2)/2; relative error {float(error):.1e}.", name, p)


def logarithm():
    bound = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf("1.0001")
    points = chebyshev_points(mpf(10) ** -12, bound, 100)

    def tail(z):
        s = sqrt(z)
        return (log((1 + s) / (1 - s)) - 2 * s) / s**3

    error, p, _ = fit(tail, points, 6, weight=lambda z, _: z, steps=25)
    show(f"log((1+s)/(1-s)) = 2 s + s^3 p(s^2) on |s| <= 0.1716; relative error {float(error)/2:.1e}.", "log_tail", p)

    def tail_after_two_thirds(z):
        return (tail(z) - mpf(2) / 3) / z

    error, p, _ = fit(tail_after_two_thirds, points, 6, weight=lambda z, _: z**2, steps=25)
    show(f"The same with 2/3 s^3 apart, for pow; relative error {float(error)/2:.1e}.", "log_tail_long", p)


def mills(z):
    return sqrt(pi / 2) * exp(z * z / 2) * erfc(z / sqrt(mpf(2)))


def mills_ratio():
    points = [38 * u**2 for u in chebyshev_points(0, 1, 200)]
    error, p, q = fit(mills, points, 9, 10, steps=40)
    assert all(c > 0 for c in p + q)
    show(f"Mills ratio M(z) = (1 - N(z))/phi(z) = p/q on [0, 38]; relative error {float(error):.1e}.", "mills_p", p)
    print(table("mills_q", q))

    # The weight asks for M first and for p/q itself, which is 1/M - z, a hundred times less.
    error, p, q = fit(lambda z: 1 / mills(z) - z, points, 9, 10, weight=lambda z, r: mills(z) + mpf("0.02") / r, steps=40)
    assert all(c > 0 for c in p + q)
    show(f"M(z) = 1/(z + p/q) on [0, 38], for tails: rounding in p/q hardly matters; relative error {float(error):.1e}, "
         f"of p/q {50 * float(error):.1e}.", "mills_rest_p", p)
    print(table("mills_rest_q", q))

    # A price below 1e-14 of the forward is rounding noise beside the forward, so this fit spends its freedom where
    # phi(z) is large and lets the relative error grow beyond z = 5.
    def weight(z, m):
        return exp(-min(max(z - mpf("3.5"), 0) * mpf("1.5"), 16)) / m

    error, p, q = fit(mills, points, 7, 8, weight=weight, steps=40)
    assert all(c > 0 for c in p + q)
    # Both polynomials are scaled to a leading 1, which saves a multiplication each; the ratio of the leading
    # coefficients goes into the exponent of the density that multiplies M in every price.
    ratio = p[-1] / q[-1]
    show(f"M(z) for pricing: ratio (z^7 + p)/(z^8 + q); relative error {float(error):.1e} for z <= 3.5, growing to 1e-8 "
         "at 38. The ratio is inside log2_mills_scale.", "mills_short_p", [c / p[-1] for c in p[:-1]])
    print(table("mills_short_q", [c / q[-1] for c in q[:-1]]))
    # 2^f = (A + f B)/(A - f B) with B/A = tanh(f ln(2)/2)/f: its quotient joins the one of the Mills ratios.
    points = chebyshev_points(mpf(10) ** -12, mpf("0.25001"), 120)
    error, p, q = fit(lambda u: tanh(sqrt(u) * log(mpf(2)) / 2) / sqrt(u), points, 2, 2,
                      weight=lambda u, _: 2 * sqrt(u), steps=25)
    show(f"2^f = (A + f B)/(A - f B), A = power_a + f^4, B = power_b, in u = f^2; relative error {float(error):.1e}.",
         "power_b", [c / q[-1] for c in p])
    print(table("power_a", [c / q[-1] for c in q[:-1]]))
    print("/// log2 of ratio/sqrt(2 pi).")
    print(f"inline constexpr double log2_mills_scale = {float(log(ratio / sqrt(2 * pi)) / log(mpf(2))).hex()};")


def quantile():
    edge = mpf("0.425") ** 2

    def central(v):  # in the distance to the edge, as Wichura (1988) does: there all coefficients are positive
        q = sqrt(edge - v)
        return sqrt(mpf(2)) * erfinv(2 * q) / q

    error, p, q = fit(central, chebyshev_points(0, edge - mpf(10) ** -14, 120), 7, 7, steps=25)
    show(f"Normal quantile at 1/2 + q, |q| <= 0.425: q p(v)/q(v), v = 0.180625 - q^2; relative error {float(error):.1e}.",
         "quantile_central_p", p)
    print(table("quantile_central_q", q))

    def tail(r):
        p = exp(-r * r)
        z = sqrt(2 * r * r)
        for _ in range(200):  # Newton on the log of the tail probability, which is nearly quadratic in z
            n = erfc(z / sqrt(mpf(2))) / 2
            step = (log(n) - log(p)) / (exp(-z * z / 2) / sqrt(2 * pi) / n)
            z += step
            if abs(step) < mpf(10) ** -45:
                break
        return z

    for low, high, name in ((mpf("1.6"), mpf(5), "middle"), (mpf(5), mpf("27.4"), "far")):
        points = [low + t for t in chebyshev_points(0, high - low, 120)]
        value = {r - low: tail(r) for r in points}
        error, p, q = fit(lambda t: value[t], list(value), 7, 7, steps=25)
        show(f"-quantile(p), r = sqrt(-ln p) in [{float(low)}, {float(high)}]: p/q in r - {float(low)}; "
             f"relative error {float(error):.1e}.", f"quantile_{name}_p", p)
        print(table(f"quantile_{name}_q", q))


def split(name, value, bits):
    high = mpf(int(value * 2**bits)) / 2**bits
    print(f"inline constexpr double {name}_high = {float(high).hex()}, {name}_low = {float(value - high).hex()};")


if __name__ == "__main__":
    print("#pragma once\n\n/// Printed by tools/fit_coefficients.py; do not edit. Tables hold the lowest power first.")
    print("namespace margrave {\n")
    print("/// ln 2 in two parts; the first has 40 bits, so that its product with an exponent is exact.")
    split("ln2", log(mpf(2)), 40)
    print("/// 2/3 in two parts.")
    split("two_thirds", mpf(2) / 3, 53)
    for name, value in (("log2_e", 1 / log(mpf(2))), ("ln2", log(mpf(2))), ("sqrt_two_pi", sqrt(2 * pi)), ("inverse_sqrt_two_pi", 1 / sqrt(2 * pi))):
        print(f"inline constexpr double {name} = {float(value).hex()};")
    print()
    exponential()
    logarithm()
    mills_ratio()
    quantile()
    print("\n}  // namespace margrave")
