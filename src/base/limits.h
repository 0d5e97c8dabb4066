#pragma once

#include <cstddef>

namespace margrave::limits {

/// Every loop over input has a bound from here. Raising one is a decision, not a reflex.
inline constexpr std::size_t file_bytes = std::size_t{1} << 30;      ///< after decompression
inline constexpr std::size_t line_bytes = std::size_t{1} << 22;      ///< one line of text
inline constexpr std::size_t document_nodes = std::size_t{1} << 25;  ///< nodes of one document
inline constexpr std::size_t document_depth = 64;                    ///< nesting of one document
inline constexpr std::size_t name_bytes = 128;                       ///< an instrument, asset or account name
inline constexpr std::size_t accounts = std::size_t{1} << 24;        ///< of one batch
inline constexpr std::size_t positions_per_account = std::size_t{1} << 20;
inline constexpr std::size_t orders_per_account = std::size_t{1} << 16;
inline constexpr std::size_t instruments = std::size_t{1} << 20;
inline constexpr std::size_t scenarios = std::size_t{1} << 20;    ///< columns of one array
inline constexpr std::size_t array_bytes = std::size_t{1} << 35;  ///< rows of one array
inline constexpr std::size_t components = 1024;                   ///< of one recipe
inline constexpr std::size_t extended_recipes = 8;                ///< above one recipe, each extending the next

/// Numbers of a market beyond these are a slip of the unit. The dearest and the cheapest coins are far inside.
inline constexpr double vol = 20;  ///< annualised: 2000 %
inline constexpr double smallest_price = 1e-15, largest_price = 1e15;
inline constexpr double smallest_forward = 0.2, largest_forward = 5;  ///< of the index; beyond is a finding, no error

}  // namespace margrave::limits
