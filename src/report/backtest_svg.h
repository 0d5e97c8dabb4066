#pragma once

#include <string>
#include <vector>

#include "walk/cadence.h"

namespace margrave {

/// An SVG of one book's margins against its losses: the loss of the worst window of each stretch as a bar, the margin
/// as a line, every breach as a mark with its time and numbers in its title. Time to the right, parts of the gross
/// notional upward; losses above the worst margin and three quarters more are cut off at the frame, their marks stay.
/// Readable on a light and on a dark page; without scripts and outside fonts. Nothing to draw gives an empty text.
std::string backtest_svg(const BookSeries& series, const std::string& caption);

/// A line chart of uncovered loss against the update interval, one line per delay, both axes labelled; the number at
/// every point in its title. Empty without rows.
std::string cadence_svg(const std::vector<CadenceRow>& rows);

/// The style of these charts, for a page that shows them.
std::string_view chart_style();
/// A chart with its style inside, as a file of its own. An empty text stays empty.
std::string standalone_svg(const std::string& chart);

}  // namespace margrave
