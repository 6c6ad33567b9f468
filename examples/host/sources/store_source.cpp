// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include <fmt/format.h>

#include "host_error.hpp"
#include "sources/file_bytes.hpp"
#include "sources/source.hpp"
#include "store/market_store.hpp"

namespace alaris::host {
namespace {

/// What a run read of a symbol, as one number: the same data gives the same run.
std::uint64_t fingerprint_of(const SymbolHistory& history) {
  std::string text;
  const auto add = [&text](const auto& value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    text.append(bytes, sizeof value);
  };
  for (const Bar& bar : history.bars)
    for (const double value : {bar.open, bar.high, bar.low, bar.close, bar.volume}) add(value);
  for (const auto& chain : history.chains) {
    add(chain->date());
    for (const OptionQuote& quote : chain->quotes())
      for (const double value : {quote.bid, quote.ask, quote.last, quote.volume, quote.open_interest,
                                 quote.vendor_volatility, quote.contract.strike.dollars()})
        add(value);
  }
  for (const EarningsStatement& said : history.earnings) {
    add(said.date);
    add(said.known_from);
    text += said.source;
  }
  for (const Split& split : history.splits) add(split.ratio);
  for (const Dividend& dividend : history.dividends) add(dividend.amount);
  return fingerprint(text);
}

}  // namespace

LoadedMarket read_store(const std::filesystem::path& file, const std::vector<std::string>& symbols) {
  auto store = MarketStore::existing(file);
  if (!store)
    throw HostError(ExitCode::data,
                    fmt::format("{}: there is no store yet; 'alaris data bootstrap' makes one", file.string()));
  LoadedMarket loaded;
  std::vector<SymbolHistory> histories;
  for (const std::string& symbol : symbols) {
    if (!store->holds(symbol)) {
      const std::vector<std::string> held = store->symbols();
      throw HostError(ExitCode::data, fmt::format("{}: no chains of '{}'; the store holds {}", file.string(), symbol,
                                                  held.empty() ? "nothing" : fmt::format("{}", fmt::join(held, ", "))));
    }
    SymbolHistory history = store->history(symbol);
    std::size_t rows = history.bars.size();
    for (const auto& chain : history.chains) {
      rows += chain->quotes().size();
      if (loaded.holds_quotes) continue;
      for (const OptionQuote& quote : chain->quotes()) loaded.holds_quotes = loaded.holds_quotes || two_sided(quote);
    }
    loaded.files.push_back({"store:" + symbol, rows, fingerprint_of(history)});
    if (history.earnings.empty()) loaded.warnings.push_back(symbol + ": the store knows of no announcement");
    histories.push_back(std::move(history));
  }
  std::vector<Bar> vix = store->index("VIX");
  std::vector<RatePoint> rates = store->rates();
  if (vix.empty()) loaded.warnings.push_back("the store holds no VIX: VixStress trips");
  if (rates.empty()) loaded.warnings.push_back("the store holds no interest rates: no candidate can be priced");
  loaded.market = RecordedMarket(std::move(histories), std::move(vix), std::move(rates));
  return loaded;
}

StoreHolding store_holding(const std::vector<std::string>& symbols) {
  auto store = MarketStore::existing(MarketStore::default_file());
  if (!store) return StoreHolding::none;
  std::size_t held = 0;
  for (const std::string& symbol : symbols) held += store->holds(symbol) ? 1u : 0u;
  if (held == 0) return StoreHolding::none;
  return held == symbols.size() ? StoreHolding::all : StoreHolding::some;
}

std::vector<std::string> stored_symbols(const std::filesystem::path& file) {
  auto store = MarketStore::existing(file);
  return store ? store->symbols() : std::vector<std::string>{};
}

std::filesystem::path default_store() {
  return MarketStore::default_file();
}

}  // namespace alaris::host
