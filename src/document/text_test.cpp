#include "document/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <cstring>

namespace margrave {
namespace {

TEST(InQuotes, CutsBetweenCharacters) {
  EXPECT_EQ(in_quotes("abc"), "'abc'");
  EXPECT_EQ(in_quotes(std::string(39, 'a') + "\u20AC"), "'" + std::string(39, 'a') + "...'");
  EXPECT_EQ(in_quotes(std::string(41, 'a')), "'" + std::string(40, 'a') + "...'");
}

RC_GTEST_PROP(ParseReal, SeventeenDigitsComeBackBitForBit, ()) {
  const auto bits = *rc::gen::arbitrary<std::uint64_t>();
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  RC_PRE(value == value && value - value == 0.0);
  char text[64];
  std::snprintf(text, sizeof text, "%.17g", value);
  const auto back = parse_real(text);
  RC_ASSERT(back.has_value());
  RC_ASSERT(std::memcmp(&*back, &value, sizeof value) == 0);
}

RC_GTEST_PROP(ParseInteger, EveryIntegerComesBack, (std::int64_t value)) {
  RC_ASSERT(parse_integer(std::to_string(value)).value() == value);
}

}  // namespace
}  // namespace margrave
