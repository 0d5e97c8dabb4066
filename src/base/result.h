#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace margrave {

/// What went wrong with the world: a file, a feed, bytes. The kind decides the exit code of the command line.
enum class ErrorKind : std::uint8_t {
  input,     ///< the data is wrong: exit 3
  config,    ///< a recipe, market or setting is wrong: exit 4
  io,        ///< a file or device failed: exit 5
  overflow,  ///< a number left its range: exit 3
};

/// Where in the input, as far as it is known. line and column count from 1; 0 means unknown.
struct Place {
  std::string file;
  std::int64_t line{0};
  std::int64_t column{0};
};

/// An error names what is wrong, where, in which field, and what to do about it.
struct Error {
  ErrorKind kind{ErrorKind::input};
  std::string message;  ///< one sentence without a full stop: "size 1.234 is not a multiple of the lot 0.1"
  Place place{};
  std::string field{};   ///< path of the field: "positions[2].size"
  std::string remedy{};  ///< what would be right: "use a multiple of 0.1"
};

/// "book.yaml:12:9: positions[2].size: size 1.234 is not a multiple of the lot 0.1 (use a multiple of 0.1)"
std::string to_string(const Error& error);

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace margrave

/// Value of a Result, or return its error from the calling function.
#define TRY(expression)                                                        \
  __extension__({                                                              \
    auto try_result_ = (expression);                                           \
    if (!try_result_) return ::margrave::fail(std::move(try_result_).error()); \
    *std::move(try_result_);                                                   \
  })

/// As TRY for a Result<void>.
#define TRY_VOID(expression)                                                   \
  do {                                                                         \
    auto try_result_ = (expression);                                           \
    if (!try_result_) return ::margrave::fail(std::move(try_result_).error()); \
  } while (false)
