#include "base/isa.h"

#include <gtest/gtest.h>
#include <immintrin.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace margrave {
namespace {

TEST(Isa, NamesComeBack) {
  for (const Isa isa : {Isa::portable, Isa::scalar, Isa::avx2, Isa::avx512}) EXPECT_EQ(parse_isa(to_string(isa)), isa);
  EXPECT_FALSE(parse_isa("AVX2"));
  EXPECT_FALSE(parse_isa(""));
}

TEST(Isa, PortableIsAlwaysThereAndTheWidestIsBest) {
  const auto isas = supported_isas();
  ASSERT_FALSE(isas.empty());
  EXPECT_EQ(isas.front(), Isa::portable);
  EXPECT_TRUE(std::is_sorted(isas.begin(), isas.end()));
  EXPECT_EQ(best_isa(), isas.back());
}

TEST(Isa, AgreesWithWhatTheKernelSaysOfTheCpu) {
  std::ifstream cpuinfo("/proc/cpuinfo");
  std::string line;
  while (std::getline(cpuinfo, line) && line.rfind("flags", 0) != 0) {
  }
  std::istringstream words(line);
  const std::set<std::string> flags{std::istream_iterator<std::string>(words), {}};
  ASSERT_FALSE(flags.empty());
  const auto has = [&](const char* flag) { return flags.count(flag) > 0; };
  const bool scalar = has("fma") && has("avx"), avx2 = scalar && has("avx2");
  const bool avx512 = avx2 && has("avx512f") && has("avx512dq") && has("avx512vl") && has("avx512bw");
  EXPECT_EQ(best_isa(), avx512 ? Isa::avx512 : avx2 ? Isa::avx2 : scalar ? Isa::scalar : Isa::portable);
}

TEST(FloatMode, FlushToZeroAndOtherRoundingsAreSeen) {
  const unsigned before = _mm_getcsr();
  EXPECT_TRUE(float_mode_is_default());
  for (const unsigned bit : {0x8000u, 0x0040u, 0x2000u, 0x4000u}) {
    _mm_setcsr(before | bit);
    EXPECT_FALSE(float_mode_is_default()) << bit;
    _mm_setcsr(before);
  }
  EXPECT_TRUE(float_mode_is_default());
}

}  // namespace
}  // namespace margrave
