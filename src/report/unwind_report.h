#pragma once

#include "margin/unwind.h"
#include "report/table.h"

namespace margrave {

/// A rule of liquidation that was read wholly: what it is, its parameters, and its values with their units.
std::string unwind_text(const Unwind& unwind, const Paint& paint);
/// The same as JSON text (schemas/unwind_check.schema.json).
std::string unwind_check_json(const Unwind& unwind);

}  // namespace margrave
