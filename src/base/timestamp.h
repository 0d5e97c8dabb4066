#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace margrave {

/// An instant, in nanoseconds since 1970-01-01T00:00:00Z. Years 1678 to 2261. Always an argument, never the clock.
struct Timestamp {
  std::int64_t ns{0};
  constexpr auto operator<=>(const Timestamp&) const = default;

  static constexpr Timestamp from_ms(std::int64_t ms) { return {ms * 1'000'000}; }
  static constexpr Timestamp from_seconds(std::int64_t s) { return {s * 1'000'000'000}; }
  /// Midnight-based civil time in UTC; month 1..12, day 1..31.
  static Timestamp from_civil(int year, int month, int day, int hour = 0, int minute = 0, int second = 0);
  /// "2026-03-27T08:00:00Z", also with a fraction of a second up to nanoseconds, or the date alone (midnight UTC).
  static Result<Timestamp> parse(std::string_view text);
};

/// "2026-03-27T08:00:00Z"; a fraction is shown only when there is one, in 3, 6 or 9 digits.
std::string to_string(Timestamp at);
/// "2026-03-27"
std::string to_date(Timestamp at);

struct CivilDate {
  int year, month, day;
};
CivilDate civil_date(Timestamp at);

inline constexpr std::int64_t seconds_per_day = 86'400;
inline constexpr std::int64_t seconds_per_year = 365 * seconds_per_day;  ///< ACT/365

/// Whole seconds from `from` to `to`, rounded toward zero time left (down); negative when `to` is earlier.
constexpr std::int64_t seconds_between(Timestamp from, Timestamp to) {
  const std::int64_t ns = to.ns - from.ns;
  const std::int64_t whole = ns / 1'000'000'000;
  return ns % 1'000'000'000 < 0 ? whole - 1 : whole;
}

/// ACT/365 year fraction on whole seconds, never negative.
constexpr double years_between(Timestamp from, Timestamp to) {
  const std::int64_t seconds = seconds_between(from, to);
  return seconds <= 0 ? 0.0 : static_cast<double>(seconds) / static_cast<double>(seconds_per_year);
}

}  // namespace margrave
