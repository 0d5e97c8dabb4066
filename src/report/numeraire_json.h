#pragma once

#include <string>

#include "report/amount.h"

namespace margrave {

/// JSON text with keys that fit the numeraire: amounts in USD end in _usd; where they are of a settlement asset, in
/// _settlement. Greeks, index and forward are in USD whatever it is. `indent` as nlohmann's dump(): -1 is one line.
std::string in_numeraire(std::string json, const Money& money, int indent = -1);

}  // namespace margrave
