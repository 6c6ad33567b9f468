// SPDX-License-Identifier: Apache-2.0
// What volatilities do the bid and ask of a chain leave open?
#include <vector>

#include <fmt/format.h>

#include <alaris/volatility/implied_batch.hpp>

using namespace alaris;

int main() {
  const std::vector<OptionType> type{OptionType::put,  OptionType::put,  OptionType::put, OptionType::call,
                                     OptionType::call, OptionType::call, OptionType::call};
  const std::vector<double> strike{80, 90, 95, 100, 105, 110, 140};
  const std::vector<double> bid{0.10, 0.62, 1.45, 3.10, 1.30, 0.42, 0.00},
      ask{0.14, 0.70, 1.55, 3.25, 1.40, 0.48, 0.05};
  const std::size_t count = strike.size();

  std::vector<double> low(count), high(count);  // columns in, columns out; nothing is allocated in between
  std::vector<VolStatus> status(count);
  implied_volatility_intervals({type, bid, ask, strike, 100.2, 0.997, 30 / 365.0}, low, high, status);

  fmt::print("strike    bid    ask     low    high\n");
  for (std::size_t i = 0; i < count; ++i)
    fmt::print("{:>6} {:>6.2f} {:>6.2f} {:>6.2f}% {:>6.2f}%  {}\n", strike[i], bid[i], ask[i], 100 * low[i],
               100 * high[i], name(status[i]));
}
