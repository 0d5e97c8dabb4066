#pragma once

#include <string>
#include <vector>

#include "chains/chain_walk.h"
#include "report/table.h"

namespace margrave {

/// A line for each kind of book of a walk over chains, recorded or modelled.
std::string kinds_text(const std::vector<KindJudgement>& kinds, bool modelled, const Paint& paint);

}  // namespace margrave
