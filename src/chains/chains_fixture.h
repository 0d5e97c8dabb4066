#pragma once

#include <string>

#include "market/chain.h"
#include "market/model_chain.h"

namespace margrave {

/// A market of one coin made from a model surface, with a perpetual: no recorded quote is in it.
inline Chain made_chain(const std::string& coin, double index, Timestamp as_of, double vol = 0.55) {
  ModelChain model;
  model.coin = coin;
  model.index = index;
  model.as_of = as_of;
  model.vol = vol;
  model.options = 400;
  return model_chain(model);
}
inline Market made_market(const std::string& coin = "BTC", double index = 80'000) {
  return build_market(made_chain(coin, index, Timestamp::from_civil(2026, 3, 1, 8))).value().market;
}

}  // namespace margrave
