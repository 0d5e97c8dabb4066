#include "report/numeraire_json.h"

#include <nlohmann/json.hpp>

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;

std::string key_in_numeraire(const std::string& key) {
  constexpr std::string_view suffix = "_usd";
  if (!key.ends_with(suffix) || key == "index_usd" || key == "forward_usd") return key;
  return key.substr(0, key.size() - suffix.size()) + "_settlement";
}

Json with_keys(const Json& json) {
  if (json.is_primitive()) return json;
  Json out = json.is_array() ? Json::array() : Json::object();
  if (json.is_array()) {
    for (const Json& item : json) out.push_back(with_keys(item));
    return out;
  }
  for (const auto& [key, value] : json.items()) {
    out[key_in_numeraire(key)] = key == "greeks" ? value : with_keys(value);
  }
  return out;
}

}  // namespace

std::string in_numeraire(std::string json, const Money& money, int indent) {
  if (money.is_usd()) return json;
  return with_keys(Json::parse(json)).dump(indent);
}

}  // namespace margrave
