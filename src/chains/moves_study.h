#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace margrave {

/// A requirement beside the loss it should cover; USD, one book at one chain.
struct MovesCase {
  std::string kind, book;
  std::int64_t at_ms{0};
  double requirement{0}, loss{0}, gross{0};
};

/// How requirements of one kind of book compare with full revaluation of the same moves.
struct MovesLine {
  std::string kind;
  std::size_t cases{0}, under{0};  ///< under: the loss is above the requirement
  std::size_t well_under{0};       ///< by more than 5 % of the loss
  double median_ratio{0};          ///< requirement / loss over cases that lose; 0 without any
  double least_ratio{0};
  double median_shortfall{0}, worst_shortfall{0};  ///< over `under`: in parts of the gross notional
  double median_missing{0}, worst_missing{0};      ///< over `under`: in parts of the loss
  MovesCase worst{};                               ///< the one with the largest shortfall; empty without any
};

struct MovesStudy {
  std::size_t chains{0}, unplaced{0}, failed{0};  ///< unplaced: books that a chain has no contracts for
  std::int64_t from_ms{0}, to_ms{0};              ///< of the chains
  std::string first_error{};
  std::vector<MovesLine> lines;  ///< by kind, in the order of their first case
  MovesLine all;
};

/// Shapes: cases in any order -> a line for each kind. Errors: none; without cases there are no lines.
MovesStudy study_moves(const std::vector<MovesCase>& cases);

}  // namespace margrave
