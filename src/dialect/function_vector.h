#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dialect/account_vector.h"
#include "dialect/golden_numbers.h"
#include "margin/component_value.h"

namespace margrave {

/// What numbers of a vector may be.
namespace vector_bounds {
inline constexpr Bounds whole{{-power_of_ten(20), 0}, {power_of_ten(20), 0}};  ///< beyond 64 bits of an integer
inline constexpr Bounds count{{0, 0}, {power_of_ten(20), 0}};                  ///< the same, 0 or more
inline constexpr Bounds ppm{{0, 0}, {1'000'000, 0}};                           ///< a share in millionths
inline constexpr Bounds rate{{0, 0}, {100, 0}};                                ///< a share; may exceed 1
inline constexpr Bounds amount{{0, 0}, {power_of_ten(15), 0}};                 ///< 0 or more
inline constexpr Bounds positive{{1, 15}, {power_of_ten(15), 0}};              ///< above 0
inline constexpr Bounds signed_amount{{-power_of_ten(15), 0}, {power_of_ten(15), 0}};
}  // namespace vector_bounds

/// One vector that asks for values of a recipe's components.
class FunctionVector {
 public:
  FunctionVector(const Cursor& vector, std::string preset) : vector_(vector), preset_(std::move(preset)) {}

  /// Takes a number of a map of the vector; the error names its place.
  static Result<Number> number(const Cursor& map, std::string_view key, const Bounds& bounds);
  /// The same of a whole number.
  static Result<Number> whole(const Cursor& map, std::string_view key, const Bounds& bounds);

  /// A field or a component by its name in the recipe.
  void bind(const std::string& name, const Number& value) { bindings_.numbers.insert_or_assign(name, value); }
  void bind_subject(std::string name) { bindings_.subject = std::move(name); }
  /// A parameter of the recipe.
  void set(const std::string& parameter, const Number& value);
  /// Rows of a table of the recipe.
  void set_rows(const std::string& table, const std::vector<std::pair<Number, Number>>& rows);
  /// A parameter that differs by name.
  void set_by(const std::string& parameter, const Number& otherwise,
              const std::vector<std::pair<std::string, Number>>& by);

  /// A component's value. Errors stand where the vector does.
  Result<Number> value(std::string_view component);
  const Cursor& cursor() const { return vector_; }

 private:
  Cursor vector_;
  std::string preset_;
  Bindings bindings_;
  NodeMaker::Keyed parameters_, tables_;
  std::optional<Recipe> recipe_;
};

/// value * 10^exponent, |exponent| <= 18. Errors: overflow, with the place.
Result<Number> times_power(const Cursor& at, const Number& value, int exponent);
Result<Number> sum_at(const Cursor& at, const Number& a, const Number& b);
Result<Number> product_at(const Cursor& at, const Number& a, const Number& b);

/// The tolerance of a vector, else of its file: the number under `key` of "tolerance_<key>" or "tolerance".
Result<Number> tolerance_at(const Cursor& root, const Cursor& vector, const std::string& key);

/// Health of coins, spot orders and perpetuals in one account.
Result<bool> check_health(const Cursor& root, const Cursor& vector, Tally& tally);
/// Sixteen-scenario risk arrays; each becomes an array and an account, assessed by the engine under the recipe `span`.
Result<bool> check_risk_arrays(const Cursor& root, const Cursor& vector, Isa isa, Tally& tally);
/// A dated future: forward and contingency by the recipe's expressions, profits by a revaluation under its grid.
Result<bool> check_portfolio_future(const Cursor& vector, Isa isa, Tally& tally);

}  // namespace margrave
