// SPDX-License-Identifier: Apache-2.0
// expect: MarketView
// What decides takes a view; the market behind it, with its future, is no view and cannot be had from one.
#include <alaris/market/as_of.hpp>

using namespace alaris;

template <market_source Market>
double last_close(const MarketView<Market>& view) {
  const auto bars = view.bars("ACME");
  return bars.empty() ? not_known : bars.back().close;
}

double decide(const RecordedMarket& market, const TradingCalendar& calendar, Instant now) {
#ifdef ALARIS_MUST_FAIL
  static_cast<void>(calendar), static_cast<void>(now);
  return last_close(market);
#else
  return last_close(MarketView(market, calendar, now));
#endif
}
