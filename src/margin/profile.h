#pragma once

#include "array/measure.h"
#include "margin/account.h"

namespace margrave {

/// The profits of a group in the scenarios of a set, after its transform, in units of 2^exponent.
struct Profile {
  std::span<const ProfilePart> parts;
  int exponent{0};
  std::vector<i128> profits;  ///< by scenario of the set

  Outcomes outcomes(const ScenarioRange& range) const {
    return {.narrow = {}, .wide = profits, .now = 0, .exponent = exponent, .first = range.begin};
  }
};

/// The profile of some lines, of a selection of the account's, and balances. Errors: a factor outside 0 to 16;
/// overflow.
Result<Profile> profile_of(Account& account, const Transform& transform, std::span<const std::uint32_t> lines,
                           std::span<const Holding> balances, const ScenarioRange& range, const MarginReport& report);

/// The loss of some holdings of a part over the scenarios of a tail, in units of the profile, through the branch that
/// the whole part took: its sign decides the factor, and which way its change counts.
i128 loss_through(const RiskArray& array, const Transform& transform, const Profile& profile, const ProfilePart& part,
                  std::span<const Holding> holdings, std::span<const std::uint32_t> tail);

}  // namespace margrave
