#pragma once

#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"

namespace margrave {

/// The bytes of a file, decompressed if they begin as gzip does; "-" is standard input.
///
/// Errors: no such file, a directory, no permission, more than `most` bytes (after decompression), a gzip stream that
/// is cut short or damaged. Nothing is returned of a file that is not whole.
Result<std::string> read_file(const std::string& path, std::size_t most = limits::file_bytes);

/// As read_file(), and what was read is text: see check_text(). A byte order mark is taken off.
Result<std::string> read_text(const std::string& path);

/// Text is UTF-8 (no overlong forms, no surrogates), has no control characters but tab and line ends, and no line
/// longer than limits::line_bytes. `file` names it in the error, which has the line and column (in bytes) of the fault.
Result<void> check_text(std::string_view text, const std::string& file);

/// Writes the whole of `text` or nothing: into a temporary file beside the file, which then takes its name. A symbolic
/// link stays one. What is not a regular file (a pipe, a terminal) is written to directly.
Result<void> write_file_atomically(const std::string& name, std::string_view text);

}  // namespace margrave
