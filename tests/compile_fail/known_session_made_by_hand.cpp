// SPDX-License-Identifier: Apache-2.0
// expect: private
// Only a view says which sessions are known.
#include <alaris/market/as_of.hpp>

using namespace alaris;

std::optional<KnownSession> next_week(const MarketView<RecordedMarket>& view) {
  const Date date = view.last_session() + std::chrono::days(7);
#ifdef ALARIS_MUST_FAIL
  return KnownSession(date, view.as_of());
#else
  return view.session(date);
#endif
}
