#pragma once

#include "math/elementary_kernel.h"
#include "volatility/kernel_table.h"

/// The recursion of GARCH for many parameter sets, a set in each lane; only kernel_*.cpp files include this.
namespace margrave {
namespace {

/// The parameters of as many sets as a register has lanes, and where their recursion stands.
struct GarchSets {
  Lanes mean, omega, up, down, beta;  ///< up: weight of a square after a rise, down: after a fall
  Lanes variance, least, most;        ///< now; the smallest, and the largest product of two, so far
  Lanes quotients, logs, powers;      ///< sum of e^2 / h; of ln of the mantissas; of the exponents of 2
  Lanes product;                      ///< of mantissas whose logarithm is not taken yet: at most 17 of [0.7, 1.42)
};

[[gnu::always_inline]] inline GarchSets start_sets(const GarchArguments& of, std::size_t at) {
  const auto load = [&](const double* from) __attribute__((always_inline)) {
    return at + Lanes::width <= of.sets ? Lanes::load(from + at) : Lanes::load(from + at, of.sets - at);
  };
  const Lanes alpha = load(of.alpha), variance = load(of.first_variance), zero = Lanes::all(0.0);
  return {.mean = load(of.mean),
          .omega = load(of.omega),
          .up = alpha,
          .down = alpha + load(of.leverage),
          .beta = load(of.beta),
          .variance = variance,
          .least = variance,
          .most = zero,
          .quotients = zero,
          .logs = zero,
          .powers = zero,
          .product = Lanes::all(1.0)};
}

/// A return's squared residual and its variance.
struct GarchTerm {
  Lanes square, variance;
};
/// Takes one return. Without leverage both weights are the same, and none is chosen.
template <bool has_leverage>
[[gnu::always_inline]] inline GarchTerm step(GarchSets& sets, double value) {
  const Lanes residual = Lanes::all(value) - sets.mean;
  const GarchTerm term{residual * residual, sets.variance};
  const Lanes weight =
      has_leverage ? Lanes::select(Lanes::less(residual, Lanes::all(0.0)), sets.down, sets.up) : sets.up;
  sets.variance = (sets.omega + weight * term.square) + sets.beta * term.variance;
  sets.least = Lanes::min(sets.least, term.variance);
  return term;
}

/// Adds a / h and ln h, the exponent of 2 apart.
[[gnu::always_inline]] inline void add_term(GarchSets& sets, Lanes above, Lanes below) {
  sets.quotients = sets.quotients + above / below;
  sets.most = Lanes::max(sets.most, below);
  const Binary<Lanes> split = split_binary(below);
  sets.product = sets.product * split.m;
  sets.powers = sets.powers + split.k;
}

/// Two returns share a division and a logarithm: a/x + b/y = (a y + b x) / (x y), ln x + ln y = ln (x y).
template <bool has_leverage>
[[gnu::always_inline]] inline void two_steps(GarchSets& sets, const double* values) {
  const GarchTerm first = step<has_leverage>(sets, values[0]), second = step<has_leverage>(sets, values[1]);
  add_term(sets, first.square * second.variance + second.square * first.variance, first.variance * second.variance);
}

[[gnu::always_inline]] inline void take_logarithm(GarchSets& sets) {
  sets.logs = sets.logs + logarithm(sets.product);
  sets.product = Lanes::all(1.0);
}

[[gnu::always_inline]] inline Lanes result(const GarchSets& sets) {
  const Lanes whole = Lanes::fma(sets.powers, Lanes::all(ln2_high), sets.logs);
  const Lanes sum = sets.quotients + Lanes::fma(sets.powers, Lanes::all(ln2_low), whole);
  const Lanes::Mask fine =
      Lanes::both(Lanes::less(Lanes::all(1e-100), sets.least), Lanes::less(sets.most, Lanes::all(infinity)));
  return Lanes::select(fine, sum, Lanes::all(not_a_number));
}

/// `Together` registers side by side: each waits for its own recursion, the processor works on the others meanwhile.
template <std::size_t Together, bool has_leverage>
[[gnu::always_inline]] inline void garch_sums(const GarchArguments& of, std::size_t at) {
  constexpr std::size_t block = 32;
  GarchSets sets[Together];
  for (std::size_t k = 0; k < Together; ++k) sets[k] = start_sets(of, at + k * Lanes::width);
  std::size_t i = 0;
  for (; i + block <= of.n; i += block) {
    for (std::size_t j = 0; j < block; j += 2) {
      for (std::size_t k = 0; k < Together; ++k) two_steps<has_leverage>(sets[k], of.returns + i + j);
    }
    for (std::size_t k = 0; k < Together; ++k) take_logarithm(sets[k]);
  }
  for (std::size_t k = 0; k < Together; ++k) {
    std::size_t j = i;
    for (; j + 2 <= of.n; j += 2) two_steps<has_leverage>(sets[k], of.returns + j);
    if (j < of.n) {
      const GarchTerm last = step<has_leverage>(sets[k], of.returns[j]);
      add_term(sets[k], last.square, last.variance);
    }
    take_logarithm(sets[k]);
    const std::size_t first = at + k * Lanes::width;
    if (first + Lanes::width <= of.sets) {
      Lanes::store(of.out + first, result(sets[k]));
    } else {
      Lanes::store(of.out + first, result(sets[k]), of.sets - first);
    }
  }
}

template <bool has_leverage>
void garch_sets(const GarchArguments& of) {
  constexpr std::size_t together = 4;
  std::size_t at = 0;
  for (; at + together * Lanes::width <= of.sets; at += together * Lanes::width)
    garch_sums<together, has_leverage>(of, at);
  for (; at < of.sets; at += Lanes::width) garch_sums<1, has_leverage>(of, at);
}

void garch_entry(const GarchArguments& of) {
  bool has_leverage = false;
  for (std::size_t i = 0; i < of.sets; ++i) has_leverage = has_leverage || of.leverage[i] != 0;
  has_leverage ? garch_sets<true>(of) : garch_sets<false>(of);
}

constexpr VolatilityKernels volatility_entries = {garch_entry};

}  // namespace
}  // namespace margrave
