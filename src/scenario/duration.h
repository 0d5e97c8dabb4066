#pragma once

#include <optional>
#include <string_view>

#include "document/cursor.h"

namespace margrave {

/// "8h", "1d", "30m", "90s", "0s" in seconds; nothing for what is no duration, or longer than 400 days.
std::optional<std::int64_t> parse_duration(std::string_view text);
Result<std::int64_t> read_duration(const Cursor& at);

}  // namespace margrave
