#include "scenario/duration.h"

#include <charconv>

namespace margrave {

std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string unit(stop, text.data() + text.size());
  const std::int64_t seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
  if (code != std::errc{} || seconds == 0 || count < 0 || count > 400LL * 86400 / seconds) return std::nullopt;
  return count * seconds;
}

Result<std::int64_t> read_duration(const Cursor& at) {
  const std::string text(TRY(at.text()));
  if (const auto seconds = parse_duration(text)) return *seconds;
  return fail(at.error("'" + text + "' is not a duration up to 400 days", "write 0s, 30m, 8h or 1d"));
}

}  // namespace margrave
