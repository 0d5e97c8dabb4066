#include "base/timestamp.h"

#include <chrono>
#include <cstdio>

#include "base/check.h"

namespace margrave {
namespace {

using Days = std::chrono::sys_days;

bool digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
  out = 0;
  if (at + count > text.size()) return false;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    out = out * 10 + (text[i] - '0');
  }
  return true;
}

Days day_of(Timestamp at) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(at.ns)));
}

}  // namespace

Timestamp Timestamp::from_civil(int year, int month, int day, int hour, int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  CHECK(date.ok() && year > 1678 && year < 2262);
  const std::int64_t days = Days(date).time_since_epoch().count();
  return from_seconds(days * seconds_per_day + hour * 3600 + minute * 60 + second);
}

Result<Timestamp> Timestamp::parse(std::string_view text) {
  const auto bad = [&] {
    return fail({.message = "'" + std::string(text.substr(0, 40)) + "' is not a time",
                 .remedy = "write UTC as 2026-03-27T08:00:00Z"});
  };
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!digits(text, 0, 4, year) || text.size() < 10 || text[4] != '-' || !digits(text, 5, 2, month) || text[7] != '-' ||
      !digits(text, 8, 2, day)) {
    return bad();
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year <= 1678 || year >= 2262) return bad();
  if (text.size() == 10) return from_civil(year, month, day);

  if (text.size() < 20 || text[10] != 'T' || !digits(text, 11, 2, hour) || text[13] != ':' ||
      !digits(text, 14, 2, minute) || text[16] != ':' || !digits(text, 17, 2, second)) {
    return bad();
  }
  if (hour > 23 || minute > 59 || second > 59 || text.back() != 'Z') return bad();
  std::int64_t fraction = 0;
  if (text[19] == '.') {
    const std::size_t places = text.size() - 21;
    if (text.size() < 22 || places > 9) return bad();
    for (std::size_t i = 0; i < 9; ++i) {
      const char c = i < places ? text[20 + i] : '0';
      if (c < '0' || c > '9') return bad();
      fraction = fraction * 10 + (c - '0');
    }
  } else if (text.size() != 20) {
    return bad();
  }
  return Timestamp{from_civil(year, month, day, hour, minute, second).ns + fraction};
}

CivilDate civil_date(Timestamp at) {
  const std::chrono::year_month_day date{day_of(at)};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

std::string to_date(Timestamp at) {
  const CivilDate date = civil_date(at);
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month & 15, date.day & 31);
  return text;
}

std::string to_string(Timestamp at) {
  const std::int64_t day_ns = at.ns - day_of(at).time_since_epoch().count() * seconds_per_day * 1'000'000'000;
  const std::int64_t s = day_ns / 1'000'000'000;
  std::int64_t fraction = day_ns % 1'000'000'000;
  char text[32];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d", static_cast<int>(s / 3600) & 31, static_cast<int>(s / 60 % 60),
                static_cast<int>(s % 60));
  std::string out = to_date(at) + text;
  if (fraction != 0) {
    int places = 9;
    for (; places > 3 && fraction % 1000 == 0; places -= 3) fraction /= 1000;
    std::string shown = std::to_string(fraction);
    shown.insert(0, static_cast<std::size_t>(places) - shown.size(), '0');
    out += "." + shown;
  }
  return out + "Z";
}

}  // namespace margrave
