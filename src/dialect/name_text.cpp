#include "dialect/name_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "document/text.h"

namespace margrave {

std::vector<std::string_view> split_name(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_coin(std::string_view text) {
  return !text.empty() && text.size() <= 20 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

int digits_to_int(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = 10 * value + (c - '0');
  return value;
}

bool parse_yymmdd(std::string_view text, Timestamp& expiry) {
  if (text.size() != 6 || !is_digits(text)) return false;
  const int year = 2000 + digits_to_int(text.substr(0, 2)), month = digits_to_int(text.substr(2, 2)),
            day = digits_to_int(text.substr(4));
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return false;
  expiry = Timestamp::from_civil(year, month, day, 8);
  return true;
}

Result<std::string> print_yymmdd(Timestamp expiry) {
  const CivilDate date = civil_date(expiry);
  if (date.year < 2000 || date.year > 2099 || expiry != Timestamp::from_civil(date.year, date.month, date.day, 8)) {
    return fail({.message = "a name says the day of expiry, which then is 08:00 UTC, not " + to_string(expiry),
                 .field = "expiry",
                 .remedy = "give it a name of its own"});
  }
  return fmt::format("{:02}{:02}{:02}", date.year % 100, date.month, date.day);
}

bool parse_plain_strike(std::string_view text, Decimal& strike) {
  if (text.empty() || text.size() > 25 || text.front() < '0' || text.front() > '9') return false;
  const Result<Decimal> value = Decimal::parse(text);
  if (!value || value->units <= 0 || value->to_string() != text) return false;
  strike = *value;
  return true;
}

bool parse_dated(const std::vector<std::string_view>& parts, Instrument& terms) {
  if ((parts.size() != 1 && parts.size() != 3) || !parse_yymmdd(parts[0], terms.expiry)) return false;
  terms.kind = Kind::future;
  if (parts.size() == 1) return true;
  terms.kind = Kind::option;
  terms.is_call = parts[2] == "C";
  return (parts[2] == "C" || parts[2] == "P") && parse_plain_strike(parts[1], terms.strike);
}

Result<std::string> print_dated(const Instrument& terms) {
  std::string text = "-" + TRY(print_yymmdd(terms.expiry));
  if (terms.kind == Kind::option) text += "-" + terms.strike.to_string() + (terms.is_call ? "-C" : "-P");
  return text;
}

tl::unexpected<Error> not_a_name(std::string_view name, std::string_view venue, std::string_view examples) {
  return fail({.message = in_quotes(name) + " is not an instrument name of " + std::string(venue),
               .field = "instrument",
               .remedy = "write it like " + std::string(examples)});
}

}  // namespace margrave
