#pragma once

#include "report/explanation.h"
#include "report/table.h"

namespace margrave {

/// An explanation for people: the scenario step by step, the rates, and what the position contributes to the levels.
std::string explain_text(const MarginContext& context, const Explained& explained, const Paint& paint);

/// The same as a document (schemas/explanation.schema.json).
std::string explain_json(const MarginContext& context, const Explained& explained);

}  // namespace margrave
