#include <algorithm>

#include "base/codec.h"
#include "fuzz/fuzz.h"

namespace margrave {
namespace {

struct Item {
  std::string name;
  std::optional<double> price;
  i128 amount{0};
  static constexpr auto fields() {
    return std::tuple{field("name", &Item::name), field("price", &Item::price), field("amount", &Item::amount)};
  }
};
struct Message {
  std::uint16_t version{0};
  bool last{false};
  std::vector<Item> items;
  std::vector<std::vector<std::int32_t>> table;
  static constexpr auto fields() {
    return std::tuple{field("version", &Message::version), field("last", &Message::last),
                      field("items", &Message::items), field("table", &Message::table)};
  }
};

}  // namespace

void fuzz_one(std::string_view input) {
  const auto message = decode<Message>(std::as_bytes(std::span(input.data(), input.size())));
  if (!message) return;
  const std::vector<std::byte> again = encode(*message);  // one value has one encoding
  CHECK(again.size() == input.size());
  CHECK(std::equal(again.begin(), again.end(), reinterpret_cast<const std::byte*>(input.data())));
}

}  // namespace margrave
