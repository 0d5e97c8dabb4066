#include "dialect/deribit_chain.h"

#include <map>

#include "dialect/deribit.h"

namespace margrave {

Result<void> name_perpetuals(Chain& chain) {
  std::map<std::string_view, const Listing*> contracts;  // one of each underlying, coin-settled where there is one
  for (const ChainQuote& quote : chain.quotes) {
    const auto [at, fresh] = contracts.emplace(quote.instrument.underlying, &quote.instrument);
    if (!fresh && quote.instrument.terms.style == Style::inverse) at->second = &quote.instrument;
  }
  chain.perpetuals.clear();
  for (const auto& [underlying, contract] : contracts) {
    Listing perpetual = *contract;
    perpetual.terms.kind = Kind::perpetual;
    const std::string name = TRY(print_deribit_name(perpetual));
    chain.perpetuals.push_back(TRY(parse_deribit_name(name)));
  }
  return {};
}

}  // namespace margrave
