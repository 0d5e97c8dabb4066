#pragma once

#include <string>
#include <vector>

#include "market/chain.h"

namespace margrave {

/// One panel: a fitted expiry and what to call it ("2026-03-27", or with underlying and time where they differ).
struct SmilePanel {
  std::string caption;
  const ExpiryFit* fit{nullptr};  ///< has a smile
};

struct SmilePlot {
  std::string title;  ///< "BTC, 2026-02-01T09:23:23Z"
  std::vector<SmilePanel> panels;
};

/// A panel for every expiry that has a smile.
std::vector<SmilePanel> smile_panels(const std::vector<ExpiryFit>& fits);

/// A self-contained SVG of the smiles: bid to ask as a bar at every quoted strike, mark vols as dots, the fitted slice
/// as a line, log-moneyness to the right, vol in percent upward. Readable on a light and on a dark page, without
/// scripts and outside fonts. The range of k is that of the quotes and a little more. One panel alone is
/// drawn large. Errors: no panel.
Result<std::string> smile_svg(const SmilePlot& plot);

}  // namespace margrave
