// SPDX-License-Identifier: Apache-2.0
#include "bootstrap/repair.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "host_error.hpp"
#include "sources/source.hpp"

namespace alaris::host {
namespace {

using Kept = std::vector<std::string>;

std::string place(const Damage& item) {
  return fmt::format("{} {} of {} ({})", item.symbol, item.kind, to_string(item.date), item.source);
}

/// Replaces the damaged rows of one symbol and folder in one transaction.
void mend_from(const RecordedMarket& market, MarketStore& store, const std::vector<Damage>& damage, Kept& kept) {
  Transaction whole(store.database());
  for (const Damage& item : damage) {
    // The row was good when it was read, so the reading is as old as the store's: never an open session.
    const Provenance from{item.source, item.as_of};
    const auto chains = market.chains(item.symbol);
    const auto chain =
        std::find_if(chains.begin(), chains.end(), [&](const auto& c) { return c->date() == item.date; });
    const auto bars = market.bars(item.symbol);
    const auto bar = std::find_if(bars.begin(), bars.end(), [&](const Bar& b) { return b.date == item.date; });
    if (item.kind == "chain" && chain != chains.end())
      (void)store.write_chain(item.symbol, **chain, from);
    else if (item.kind == "bar" && bar != bars.end() && defect_of(*bar) == BarDefect::none)
      store.mend_bar(item.symbol, item.source, *bar);
    else
      kept.push_back(place(item) + ": its source holds no sound one");
  }
  whole.commit();
}

}  // namespace

std::vector<std::string> repair(MarketStore& store, const std::vector<Damage>& damage, const AskVendor& ask_vendor) {
  Kept kept;
  std::map<std::pair<std::string, std::string>, std::vector<Damage>> of_folder;
  for (const Damage& item : damage) {
    if (item.symbol.empty()) {
      kept.push_back("the file: " + item.why + "; 'alaris system restore' puts a backup in its place");
    } else if (item.source.find(':') != std::string::npos) {
      of_folder[{item.symbol, item.source}].push_back(item);
    } else if (item.kind != "chain") {
      kept.push_back(place(item) + ": " + item.why);
    } else if (const auto why = ask_vendor(item.symbol, item.date)) {
      kept.push_back(place(item) + ": " + *why);
    }
  }
  for (const auto& [of, items] : of_folder) {
    const auto& [symbol, source] = of;
    try {
      const auto origin = store.origin_of(symbol, source);
      if (!origin) throw HostError(ExitCode::data, "where it came from is not known");
      mend_from(read_source(parse_source(source.substr(0, source.find(':') + 1) + *origin), {symbol}).market, store,
                items, kept);
    } catch (const HostError& e) {
      for (const Damage& item : items) kept.push_back(place(item) + ": " + e.what());
    }
  }
  return kept;
}

}  // namespace alaris::host
