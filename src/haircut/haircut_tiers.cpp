#include "haircut/haircut_tiers.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace margrave {
namespace {

constexpr std::int64_t usual_ends[] = {10'000,    100'000,    300'000,    1'000'000,
                                       3'000'000, 10'000'000, 30'000'000, 100'000'000};

/// Dollars of an amount that lie in a bracket.
double part_in(std::span<const HaircutTier> tiers, std::size_t i, double amount_usd) {
  const auto from = static_cast<double>(tiers[i].from_usd);
  const double to =
      i + 1 < tiers.size() ? std::min(amount_usd, static_cast<double>(tiers[i + 1].from_usd)) : amount_usd;
  return std::max(0.0, to - from);
}

/// The mean over an amount of what a bracket gives.
template <class Of>
double mean_of(std::span<const HaircutTier> tiers, double amount_usd, Of of) {
  if (!(amount_usd > 0)) return of(0);
  double sum = 0;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const double share = part_in(tiers, i, amount_usd) / amount_usd;
    if (share > 0) sum += share * of(i);
  }
  return sum;
}

}  // namespace

std::int64_t rounded_up(double rate) {
  const double whole = std::ceil(rate * static_cast<double>(rate_unit) - 1e-9);
  return std::clamp(static_cast<std::int64_t>(whole), std::int64_t{0}, rate_unit);
}

std::span<const std::int64_t> usual_tiers() { return usual_ends; }

Result<std::vector<HaircutTier>> haircut_tiers(const HaircutInputs& inputs, std::span<const std::int64_t> ends_usd) {
  TRY_VOID(inputs.check());
  std::vector<HaircutTier> tiers;
  std::int64_t from = 0;
  for (const std::int64_t end : ends_usd) {
    if (end <= from) return fail({.message = "the ends of haircut tiers do not rise from above 0"});
    const HaircutParts parts = marginal_parts(inputs, static_cast<double>(end));
    tiers.push_back({from, parts, parts.all()});
    from = end;
  }
  HaircutParts last = marginal_parts(inputs, static_cast<double>(from));
  last.concentration = 1;
  tiers.push_back({from, last, 1.0});
  return tiers;
}

double mean_rate(std::span<const HaircutTier> tiers, std::span<const double> rates, double amount_usd) {
  return mean_of(tiers, amount_usd, [&](std::size_t i) { return rates[i]; });
}

MeanHaircut mean_haircut(std::span<const HaircutTier> tiers, double amount_usd) {
  MeanHaircut mean;
  double others = 0;
  for (const HaircutPartName& name : haircut_part_names) {
    mean.parts.*name.part = mean_of(tiers, amount_usd, [&](std::size_t i) { return tiers[i].parts.*name.part; });
  }
  for (std::size_t i = base_parts; i < std::size(haircut_part_names); ++i)
    others += mean.parts.*haircut_part_names[i].part;
  mean.base = mean_of(tiers, amount_usd, [&](std::size_t i) { return tiers[i].parts.base(); });
  mean.rate = mean_of(tiers, amount_usd, [&](std::size_t i) { return tiers[i].rate; });
  mean.cut = std::max(0.0, mean.base + others - mean.rate);
  return mean;
}

Result<std::int64_t> haircut_of(std::span<const HaircutTier> tiers, std::span<const std::int64_t> rates,
                                std::int64_t amount, std::int64_t unit_per_usd) {
  __extension__ using wide = __int128;
  if (tiers.empty() || rates.size() != tiers.size() || unit_per_usd <= 0)
    return fail({.message = "a haircut needs a rate for each of its tiers"});
  wide sum = 0;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    if (rates[i] < 0 || rates[i] > rate_unit || (i > 0 && rates[i] < rates[i - 1]))
      return fail({.message = "the rates of haircut tiers fall or lie outside 0 to 1"});
    const wide from = static_cast<wide>(tiers[i].from_usd) * unit_per_usd;
    const wide to = i + 1 < tiers.size()
                        ? std::min<wide>(amount, static_cast<wide>(tiers[i + 1].from_usd) * unit_per_usd)
                        : static_cast<wide>(amount);
    if (to > from) sum += (to - from) * rates[i];  // at most 2^63 x 10^4
  }
  return static_cast<std::int64_t>((sum + rate_unit - 1) / rate_unit);
}

}  // namespace margrave
