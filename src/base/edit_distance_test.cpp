#include "base/edit_distance.h"

#include <gtest/gtest.h>

namespace margrave {
namespace {

TEST(EditDistance, CountsSingleSteps) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);  // Wagner and Fischer (1974)
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("size", "size"), 0u);
}

}  // namespace
}  // namespace margrave
