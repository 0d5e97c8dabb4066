#include "report/unwind_report.h"

#include <nlohmann/json.hpp>

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;

/// Dollars, or a share where it has no unit.
std::string unit_of(const Unit& unit) { return unit == Unit{} ? "" : to_string(unit); }

}  // namespace

std::string unwind_text(const Unwind& unwind, const Paint& paint) {
  std::string out = paint(Ink::bold, unwind.name + " " + unwind.version) + " is a valid rule of liquidation\n";
  if (!unwind.description.empty()) out += paint(Ink::dim, unwind.description) + "\n";
  TextTable head({Align::left, Align::left});
  head.row({{"status", Ink::dim}, {std::string(to_string(unwind.status))}});
  if (!unwind.reference.empty()) head.row({{"reference", Ink::dim}, {unwind.reference}});
  TextTable parameters({Align::left, Align::right, Align::left, Align::left});
  for (const Parameter& parameter : unwind.parameters) {
    parameters.row({{parameter.name},
                    {parameter.value.to_string()},
                    {unit_of(parameter.unit)},
                    {std::string(to_string(parameter.source)), Ink::dim}});
  }
  TextTable values({Align::left, Align::left, Align::left, Align::left});
  for (const Unwind::Value& value : unwind.values) {
    values.row({{value.name},
                {unit_of(value.expression.unit)},
                {std::string(to_string(value.source)), Ink::dim},
                {value.expression.text}});
  }
  out += head.text(paint) + "\n" + paint(Ink::bold, "Parameters") + "\n" + parameters.text(paint);
  return out + "\n" + paint(Ink::bold, "Values") + "\n" + values.text(paint, 0);
}

std::string unwind_check_json(const Unwind& unwind) {
  Json json{{"schema_version", schema_version},
            {"kind", "unwind_check"},
            {"valid", true},
            {"unwind", unwind.name},
            {"version", unwind.version},
            {"status", to_string(unwind.status)},
            {"description", unwind.description},
            {"reference", unwind.reference}};
  json["parameters"] = Json::array();
  for (const Parameter& parameter : unwind.parameters) {
    json["parameters"].push_back({{"parameter", parameter.name},
                                  {"value", parameter.value.to_string()},
                                  {"unit", unit_of(parameter.unit)},
                                  {"source", to_string(parameter.source)}});
  }
  json["values"] = Json::array();
  for (const Unwind::Value& value : unwind.values) {
    json["values"].push_back({{"value", value.name},
                              {"expression", value.expression.text},
                              {"unit", unit_of(value.expression.unit)},
                              {"source", to_string(value.source)}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace margrave
