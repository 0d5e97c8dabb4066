#pragma once

#include <string>
#include <string_view>

namespace margrave {

/// Text as it stands in HTML and SVG, between tags and inside attributes: & < > " are written as entities.
std::string escaped(std::string_view text);

}  // namespace margrave
