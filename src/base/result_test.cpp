#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace margrave {
namespace {

TEST(Error, TextNamesPlaceFieldAndRemedyAsFarAsKnown) {
  EXPECT_EQ(to_string(Error{.message = "no"}), "no");
  EXPECT_EQ(to_string(Error{.message = "no", .place = {.file = "f"}}), "f: no");
  EXPECT_EQ(to_string(Error{.message = "no", .place = {.file = "f", .line = 3}}), "f:3: no");
  EXPECT_EQ(to_string(Error{.message = "size 1.234 is not a multiple of the lot 0.1",
                            .place = {.file = "book.yaml", .line = 12, .column = 9},
                            .field = "positions[2].size",
                            .remedy = "use a multiple of 0.1"}),
            "book.yaml:12:9: positions[2].size: size 1.234 is not a multiple of the lot 0.1 (use a multiple of 0.1)");
  EXPECT_EQ(to_string(Error{.message = "no", .field = "a.b"}), "a.b: no");
}

Result<int> half(int n) {
  if (n % 2 != 0) return fail({.kind = ErrorKind::config, .message = "odd"});
  return n / 2;
}
Result<int> quarter(int n) {
  const int once = TRY(half(n));
  return half(once);
}
Result<std::unique_ptr<int>> boxed(int n) { return std::make_unique<int>(n); }
Result<void> check_box(int n) {
  const std::unique_ptr<int> box = TRY(boxed(n));
  TRY_VOID(half(*box));
  return {};
}

TEST(Try, GivesTheValueOrReturnsTheError) {
  EXPECT_EQ(quarter(12).value(), 3);
  EXPECT_EQ(quarter(6).error().message, "odd");
  EXPECT_EQ(quarter(5).error().kind, ErrorKind::config);
  EXPECT_TRUE(check_box(2));
  EXPECT_FALSE(check_box(3));
}

}  // namespace
}  // namespace margrave
