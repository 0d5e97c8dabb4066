#pragma once

#include <string>
#include <string_view>

#include "document/node.h"

namespace margrave {

/// Reads one JSON value (RFC 8259). `text` has passed check_text(). Numbers and the words true and false are scalars
/// that are not quoted, kept as written: "1.10" stays "1.10", and an integer of any length is exact.
///
/// Errors: a syntax error, a duplicate key, too deep, too many values. Never throws and never recurses.
Result<Document> parse_json(std::string_view text, std::string file, ErrorKind kind = ErrorKind::input);

}  // namespace margrave
