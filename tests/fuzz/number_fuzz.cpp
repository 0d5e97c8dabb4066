#include "base/decimal.h"
#include "base/timestamp.h"
#include "document/text.h"
#include "fuzz/fuzz.h"

namespace margrave {

void fuzz_one(std::string_view input) {
  const auto decimal = Decimal::parse(input);
  const auto real = parse_real(input);
  if (accepted(decimal)) {
    CHECK(*decimal == *Decimal::parse(decimal->to_string()));
    CHECK(real.has_value());
    CHECK(decimal->to_double() == *real);
    for (const int decimals : {0, 9, 36}) {
      for (const Round round : {Round::down, Round::up, Round::half_even}) {
        static_cast<void>(decimal->scaled(decimals, round));
      }
    }
  }
  accepted(real);
  const auto integer = parse_integer(input);
  if (accepted(integer)) CHECK(*integer == *parse_integer(std::to_string(*integer)));
  const auto time = Timestamp::parse(input);
  if (accepted(time)) CHECK(*time == *Timestamp::parse(to_string(*time)));
}

}  // namespace margrave
