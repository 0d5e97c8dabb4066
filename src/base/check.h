#pragma once

/// A broken precondition is our mistake: it stops the process, in production too. Never used on input from outside,
/// which gets an Error (result.h).
#define CHECK(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : ::margrave::check_failed(#condition, __FILE__, __LINE__))

namespace margrave {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace margrave
