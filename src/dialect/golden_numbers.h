#pragma once

#include <string_view>
#include <vector>

#include "dialect/conform.h"
#include "document/csv.h"
#include "document/cursor.h"
#include "formula/number.h"

namespace margrave {

/// Counts what passes and fails, and keeps the worst. A vector fails when any of its quantities does.
class Tally {
 public:
  explicit Tally(std::string file) { result_.file = std::move(file); }

  void name_model(std::string_view model) { result_.model = model; }
  void begin(std::string id) { id_ = std::move(id), failed_ = false; }
  /// |computed - expected| <= allowed; a NaN fails.
  void check(std::string_view quantity, double expected, double computed, double allowed);
  /// The same of exact numbers, whose difference is taken before any of them becomes a double.
  void check(std::string_view quantity, const Number& expected, const Number& computed, const Number& allowed);
  void end() { failed_ ? ++result_.failed : ++result_.passed; }
  void skip() { ++result_.not_supported; }
  void note(std::string text) { result_.notes.push_back(std::move(text)); }
  const Conformance& result() const { return result_; }

 private:
  void enter(std::string_view quantity, double share, bool passed, VectorFailure failure);

  Conformance result_;
  std::string id_;
  bool failed_{false};
};

bool has_columns(const CsvReader& csv, std::initializer_list<std::string_view> names);

/// Published Black-76 values: F, K, vol, T, call_undisc, put_undisc, delta_call, gamma, vega. The accurate price and
/// the Greeks to 1e-12 where they exceed 1e-300; the batch kernel to 1e-12 above 1e-7 of the forward, else 1e-14 of it.
bool is_black76_table(const CsvReader& csv);
Result<void> check_black76_table(CsvReader& csv, Isa isa, Tally& tally);

/// Normalised calls b(x, s) = e^(x/2) N(x/s + s/2) - e^(-x/2) N(x/s - s/2) and db/ds, to the same tolerances.
bool is_normalised_table(const CsvReader& csv);
Result<void> check_normalised_table(CsvReader& csv, Isa isa, Tally& tally);

/// Vogt's arbitrageable SVI slice: jump wings, least g, and its repaired forms.
bool is_svi_example(const Cursor& root);
Result<void> check_svi_example(const Cursor& root, Tally& tally);

/// Vectors of a venue's own Black-76 library run on chain: calls, puts, discounted call deltas.
bool is_black76_vectors(std::string_view model);
Result<void> check_black76_vectors(const Cursor& root, const std::vector<Cursor>& vectors, Isa isa, Tally& tally);

}  // namespace margrave
