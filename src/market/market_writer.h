#pragma once

#include <string>

#include "document/node.h"
#include "market/state.h"

namespace margrave {

/// The market as a file that read_market() reads back to the same digest: every double is printed with as many digits
/// as that takes, every term of every instrument is stated, the findings are kept. One instrument a line.
std::string write_market(const Market& market, DocumentFormat format = DocumentFormat::yaml);

}  // namespace margrave
