// SPDX-License-Identifier: Apache-2.0
// expect: KnownSession
// A strategy cannot ask for the chain of a date it chooses: it must be a session that its view has seen.
#include <alaris/market/as_of.hpp>

using namespace alaris;

bool listed(const MarketView<RecordedMarket>& view, Date date) {
#ifdef ALARIS_MUST_FAIL
  return view.chain("ACME", date) != nullptr;
#else
  const auto session = view.session(date);
  return session && view.chain("ACME", *session) != nullptr;
#endif
}
