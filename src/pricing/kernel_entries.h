#pragma once

#include "pricing/accurate_kernel.h"
#include "pricing/greeks_kernel.h"
#include "pricing/implied_vol_kernel.h"
#include "pricing/kernel_table.h"
#include "pricing/row_kernel.h"

/// Loops over arrays around the templates, for kernel_*.cpp.
namespace margrave {
namespace {

#if defined(__AVX2__)
using WideLanes = Pair<Lanes>;
#else
using WideLanes = Lanes;
#endif

template <class LogRatio>
[[gnu::always_inline]] inline void price_loop(const PriceArguments& in, LogRatio log_ratio) {
  for_lanes_staged<WideLanes>(
      in.n,
      [&](auto access, std::size_t i) __attribute__((always_inline)) {
        using L = typename decltype(access)::Lane;
        return Standardised<L>(negative(absolute(log_ratio(access, i))),
                               access.load(in.vols + i) * L::all(in.root_expiry));
      },
      [&](auto access, std::size_t i, const auto& option) __attribute__((always_inline)) {
        using L = typename decltype(access)::Lane;
        access.store(in.out + i, black76_price(L::all(in.forward), access.load(in.strikes + i), option, in.is_call));
      });
}

void price_entry(const PriceArguments& in) {
  if (in.log_moneyness != nullptr) {
    price_loop(
        in, [&](auto access, std::size_t i)
                __attribute__((always_inline)) { return access.load(in.log_moneyness + i); });
  } else {
    price_loop(
        in, [&](auto access, std::size_t i) __attribute__((always_inline)) {
          using L = typename decltype(access)::Lane;
          return log_of_ratio(L::all(in.forward), access.load(in.strikes + i));
        });
  }
}

void accurate_entry(const double* x, const double* s, double* out, std::size_t n) {
  for_lanes<Lanes>(
      n, [&](auto access, std::size_t i) __attribute__((always_inline)) {
        access.store(out + i, accurate_price(access.load(x + i), access.load(s + i)));
      });
}

void greeks_entry(const GreekArguments& in) {
  for_lanes<Lanes>(
      in.n, [&](auto access, std::size_t i) __attribute__((always_inline)) { greeks_step(in, access, i); });
}

void implied_vol_entry(const ImpliedArguments& in) {
  for_lanes<Lanes>(
      in.n, [&](auto access, std::size_t i) __attribute__((always_inline)) { implied_step(in, access, i); });
}

/// Calls store(access, i, entries) over the row.
template <bool Flat, class Store>
[[gnu::always_inline]] inline void for_row(const RowArguments& arguments, Store store) {
  const RowArguments in = aged(arguments);
  const double root_expiry = OneLane::sqrt({in.expiry}).v;
  for_lanes_staged<WideLanes>(
      in.n,
      [&](auto access, std::size_t i)
          __attribute__((always_inline)) { return row_standardised<Flat>(in, root_expiry, access, i); },
      [&](auto access, std::size_t i, const auto& option)
          __attribute__((always_inline)) { store(access, i, row_entry(in, access, i, option)); });
}

template <bool Flat>
void row_values(const RowArguments& in, double* out) {
  for_row<Flat>(
      in, [&](auto access, std::size_t i, auto entry) __attribute__((always_inline)) { access.store(out + i, entry); });
}

template <bool Flat>
bool row_int32(const RowArguments& in, std::int32_t* out) {
  bool fits = true;
  for_row<Flat>(
      in, [&](auto access, std::size_t i, auto entry) __attribute__((always_inline)) {
        using L = decltype(entry);
        const L integer = rounded(entry, in.scale);
        fits &= !L::any(access.of_interest(L::negate(L::less_equal(absolute(integer), L::all(2147483647.0)))));
        access.store(out + i, integer);
      });
  return fits;
}

template <bool Flat>
bool row_rounded(const RowArguments& in, double* out) {
  bool fits = true;
  for_row<Flat>(
      in, [&](auto access, std::size_t i, auto entry) __attribute__((always_inline)) {
        using L = decltype(entry);
        const L integer = rounded_wide(entry, in.scale);
        fits &= !L::any(access.of_interest(L::negate(L::less(absolute(integer), L::all(0x1p63)))));
        access.store(out + i, integer);
      });
  return fits;
}

void row_values_entry(const RowArguments& in, double* out) {
  in.is_flat ? row_values<true>(in, out) : row_values<false>(in, out);
}
bool row_int32_entry(const RowArguments& in, std::int32_t* out) {
  return in.is_flat ? row_int32<true>(in, out) : row_int32<false>(in, out);
}
bool row_rounded_entry(const RowArguments& in, double* out) {
  return in.is_flat ? row_rounded<true>(in, out) : row_rounded<false>(in, out);
}

constexpr PricingKernels pricing_entries = {price_entry,      accurate_entry,  greeks_entry,     implied_vol_entry,
                                            row_values_entry, row_int32_entry, row_rounded_entry};

}  // namespace
}  // namespace margrave
