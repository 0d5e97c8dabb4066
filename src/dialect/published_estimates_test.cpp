#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "dialect/conform.h"
#include "document/file.h"

namespace margrave {
namespace {

const std::string folder = MARGRAVE_SHARED_DIR "/science/reference/";

bool must_have_reference() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string(ci) == "true";
}

struct Expected {
  const char* file;
  std::size_t passed, not_supported;
};

// Every row of the reference's sections on the GARCH family and on distributions that has a file.
TEST(PublishedEstimates, AllOfTheReferenceAreMet) {
  if (!std::filesystem::exists(folder)) {
    ASSERT_FALSE(must_have_reference()) << "the reference folder is missing";
    GTEST_SKIP() << "the reference folder " MARGRAVE_SHARED_DIR " is not beside the tree";
  }
  for (const Expected& expected :
       {Expected{"dmbp.csv", 2, 0}, Expected{"dji30ret_AA.csv", 3, 0}, Expected{"arch_sp500.csv", 3, 0},
        Expected{"spyreal.csv", 3, 0}, Expected{"student_t_es.csv", 40, 5}, Expected{"bivariate_t.csv", 24, 0},
        Expected{"kupiec.csv", 468, 0}}) {
    const auto result = conform(folder + expected.file, Isa::portable);
    ASSERT_TRUE(result) << to_string(result.error());
    EXPECT_EQ(result->failed, 0U) << expected.file << " " << result->worst_id << " " << result->worst;
    EXPECT_EQ(result->passed, expected.passed) << expected.file;
    EXPECT_EQ(result->not_supported, expected.not_supported) << expected.file;
  }
}

// A published number that is not met is a failure: the same tables with one number changed.
TEST(PublishedEstimates, AWrongNumberFails) {
  const auto tail = conform_text(
      "nu,alpha,VaR_raw,ES_raw,VaR_unitvar,ES_unitvar\n4,0.025,2.776445105,3.993557023,1.963243161,2.823871266\n"
      "4,0.025,2.776445105,3.993558023,1.963243161,2.823871266\n",
      "tail.csv", Isa::portable);
  ASSERT_TRUE(tail) << to_string(tail.error());
  EXPECT_EQ(tail->passed, 1U);
  EXPECT_EQ(tail->failed, 1U);
  EXPECT_EQ(tail->failures.at(0).id.find("line 3"), 0U) << tail->failures[0].id;
}

TEST(PublishedEstimates, AnotherSeriesIsNotSupported) {
  const auto other = conform_text("ret_pct,monday\n0.1,0\n0.2,1\n", "other.csv", Isa::portable);
  ASSERT_TRUE(other) << to_string(other.error());
  EXPECT_EQ(other->not_supported, 2U);
  EXPECT_EQ(other->passed + other->failed, 0U);
  ASSERT_EQ(other->notes.size(), 1U);
}

TEST(PublishedEstimates, BadCellsNameTheirPlace) {
  for (const char* text :
       {"nu,alpha,VaR_raw,ES_raw,VaR_unitvar,ES_unitvar\n4,0.9,1,1,1,1\n", "nu,rho,tail_dep,kendall_tau\n4,2,0,0\n",
        "n,p,x,LRuc,pchi2,p_exact\n10,0.1,11,0,0,0\n", "ret_pct,monday\nx,0\n"}) {
    const auto result = conform_text(text, "bad.csv", Isa::portable);
    ASSERT_FALSE(result) << text;
    EXPECT_NE(to_string(result.error()).find("bad.csv:2"), std::string::npos) << to_string(result.error());
  }
}

}  // namespace
}  // namespace margrave
