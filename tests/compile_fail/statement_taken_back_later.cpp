// SPDX-License-Identifier: Apache-2.0
// expect: known_until
// Whether a source will move its earnings date is not to be seen in what it says today.
#include <alaris/market/as_of.hpp>

using namespace alaris;

bool stands(const MarketView<RecordedMarket>& view) {
  for (const KnownStatement& said : view.earnings("ACME"))
#ifdef ALARIS_MUST_FAIL
    if (said.known_until) return false;
#else
    if (said.known_from > view.as_of()) return false;
#endif
  return true;
}
