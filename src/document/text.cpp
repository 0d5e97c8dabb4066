#include "document/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace margrave {
namespace {

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

/// True for sign? digits (. digits)? (e sign? digits)?; std::from_chars alone would take "inf", ".5" and "1.".
bool has_number_form(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t end = skip_digits(text, at);
    const bool some = end > at;
    at = end;
    return some;
  };
  const auto sign = [&] {
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  };
  sign();
  if (!digits()) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    sign();
    if (!digits()) return false;
  }
  return at == text.size();
}

bool names_no_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (!text.empty() && text.front() == '.') text.remove_prefix(1);
  std::string lower(text.substr(0, 9));
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower == "nan" || lower == "inf" || lower == "infinity";
}

}  // namespace

Result<double> parse_real(std::string_view text) {
  if (names_no_number(text)) {
    return fail(
        {.message = in_quotes(text) + " is not a finite number", .remedy = "leave the field out or write a number"});
  }
  if (!has_number_form(text)) {
    return fail(
        {.message = in_quotes(text) + " is not a number", .remedy = "write a plain number such as 1234.5 or 1e-8"});
  }
  if (text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || stop != text.data() + text.size() || !std::isfinite(value)) {
    return fail({.kind = ErrorKind::overflow,
                 .message = in_quotes(text) + " is out of range",
                 .remedy = "numbers go from 1e-307 to 1e308"});
  }
  return value;
}

Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low, std::int64_t high) {
  const std::string range = "write a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  std::string_view digits = text;
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  std::int64_t value = 0;
  const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code == std::errc::result_out_of_range && stop == digits.data() + digits.size()) {
    return fail({.kind = ErrorKind::overflow, .message = in_quotes(text) + " is out of range", .remedy = range});
  }
  if (code != std::errc{} || stop != digits.data() + digits.size()) {
    return fail({.message = in_quotes(text) + " is not a whole number", .remedy = range});
  }
  if (value < low || value > high) return fail({.message = in_quotes(text) + " is out of range", .remedy = range});
  return value;
}

std::string in_quotes(std::string_view text) {
  std::size_t shown = std::min<std::size_t>(text.size(), 40);
  // A cut must not leave half a character behind.
  while (shown < text.size() && shown > 0 && (static_cast<unsigned char>(text[shown]) & 0xC0u) == 0x80u) --shown;
  return "'" + std::string(text.substr(0, shown)) + (shown < text.size() ? "...'" : "'");
}

void append_key(std::string& path, std::string_view key) {
  const bool word = !key.empty() && key.size() <= 60 && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!word) {
    path += "[" + in_quotes(key) + "]";
  } else {
    if (!path.empty()) path += '.';
    path += key;
  }
}

std::string hex_byte(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return {'0', 'x', "0123456789abcdef"[value >> 4], "0123456789abcdef"[value & 15]};
}

}  // namespace margrave
