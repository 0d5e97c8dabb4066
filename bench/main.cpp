#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "row.h"

namespace {

using margrave::bench::BenchRow;
using margrave::bench::Selection;

std::vector<BenchRow> all_rows(const Selection& selection) {
  std::vector<BenchRow> rows;
  for (const auto group : {margrave::bench::pricing_rows, margrave::bench::array_rows, margrave::bench::pretrade_rows,
                           margrave::bench::market_rows, margrave::bench::margin_rows,
                           margrave::bench::calibration_rows, margrave::bench::walk_rows}) {
    for (BenchRow& row : group(selection)) rows.push_back(std::move(row));
  }
  return rows;
}

void print_json(const std::vector<BenchRow>& rows) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const BenchRow& row : rows) {
    array.push_back({{"id", row.id},
                     {"what", row.what},
                     {"isa", row.isa},
                     {"ours", row.ours},
                     {"peer", row.peer},
                     {"unit", row.unit},
                     {"ratio", row.ratio},
                     {"floor", row.floor},
                     {"goal", row.goal}});
  }
  std::printf("%s\n", array.dump(2).c_str());
}

void print_table(const std::vector<BenchRow>& rows) {
  std::printf("%-14s %-8s %12s %12s %-9s %8s %7s %7s  %s\n", "id", "isa", "ours", "peer", "unit", "ratio", "floor",
              "goal", "what");
  for (const BenchRow& row : rows) {
    std::printf("%-14s %-8s %12.4g %12.4g %-9s %8.4g %7.4g %7.4g  %s%s\n", row.id.c_str(), row.isa.c_str(), row.ours,
                row.peer, row.unit.c_str(), row.ratio, row.floor, row.goal, row.what.c_str(),
                row.ratio >= row.floor ? "" : "  BELOW FLOOR");
  }
}

Selection read_only(const std::string& list) {
  Selection selection;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t comma = std::min(list.find(',', from), list.size());
    if (comma > from) selection.only.push_back(list.substr(from, comma - from));
    from = comma + 1;
  }
  return selection;
}

}  // namespace

/// margrave-bench [--json] [--only G1,G5]. Exit 0: every row at or above its floor; 1: one below; 2: wrong arguments or
/// nothing selected.
int main(int count, char** arguments) {
  bool json = false;
  Selection selection;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument == "--json") {
      json = true;
    } else if (argument == "--only" && i + 1 < count) {
      selection = read_only(arguments[++i]);
    } else {
      std::fprintf(stderr, "usage: margrave-bench [--json] [--only ID,ID...]\n");
      return 2;
    }
  }
  const std::vector<BenchRow> rows = all_rows(selection);
  if (rows.empty()) {
    std::fprintf(stderr, "margrave-bench: no row has such an id\n");
    return 2;
  }
  json ? print_json(rows) : print_table(rows);
  for (const BenchRow& row : rows) {
    if (!(row.ratio >= row.floor)) return 1;
  }
  return 0;
}
