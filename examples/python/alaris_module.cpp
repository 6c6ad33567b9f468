// SPDX-License-Identifier: Apache-2.0
// The Python module `alaris`: the library's columns as NumPy arrays. Contiguous float64 arrays are read where they lie,
// block by block; only the results are new arrays, whatever the number of rows. A scalar stands for a column of itself.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <alaris/core/version.hpp>
#include <alaris/pricing/american_batch.hpp>
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/european_batch.hpp>
#include <alaris/volatility/event.hpp>
#include <alaris/volatility/implied_batch.hpp>
#include <alaris/volatility/realised.hpp>
#include <alaris/volatility/rolling_realised.hpp>

namespace py = pybind11;
using namespace alaris;

namespace {

using Numbers = py::array_t<double, py::array::c_style | py::array::forcecast>;
using Flags = py::array_t<bool, py::array::c_style | py::array::forcecast>;

/// The common length of columns and scalars.
class Rows {
 public:
  template <class Array>
  void see(const Array& array, const char* name) {
    if (array.ndim() > 1) throw py::value_error(std::string(name) + " has more than one dimension");
    const auto n = static_cast<std::size_t>(array.size());
    if (array.ndim() == 0) return;
    if (seen_ && n != count_)
      throw py::value_error(std::string(name) + " has " + std::to_string(n) + " rows, not " + std::to_string(count_));
    seen_ = true;
    count_ = n;
  }
  [[nodiscard]] std::size_t count() const noexcept { return seen_ ? count_ : 1; }

 private:
  bool seen_ = false;
  std::size_t count_ = 0;
};

/// Rows that are worked at once: what is repeated or translated for them stays in the second cache.
constexpr std::size_t block_rows = 4096;

/// Calls work(first row, how many) until all rows are done.
template <class Work>
void in_blocks(std::size_t rows, const Work& work) {
  for (std::size_t first = 0; first < rows; first += block_rows) work(first, std::min(block_rows, rows - first));
}

/// A column where it lies, or a scalar repeated for one block.
class Column {
 public:
  Column(const Numbers& array, std::size_t rows) {
    if (array.ndim() == 1)
      values_ = {array.data(), rows};
    else
      repeated_.assign(std::min(rows, block_rows), *array.data());
  }
  [[nodiscard]] std::span<const double> block(std::size_t first, std::size_t count) const noexcept {
    return values_.empty() ? std::span(repeated_).first(count) : values_.subspan(first, count);
  }

 private:
  std::vector<double> repeated_;
  std::span<const double> values_;
};

/// The types of one block, from a column or a scalar of flags.
class Types {
 public:
  Types(const Flags& call, std::size_t rows)
      : flags_(call.data()), column_(call.ndim() == 1), block_(std::min(rows, block_rows), type_of(0)) {}
  [[nodiscard]] std::span<const OptionType> block(std::size_t first, std::size_t count) {
    if (column_)
      for (std::size_t i = 0; i < count; ++i) block_[i] = type_of(first + i);
    return std::span(block_).first(count);
  }

 private:
  [[nodiscard]] OptionType type_of(std::size_t i) const { return flags_[i] ? OptionType::call : OptionType::put; }

  const bool* flags_;
  bool column_;
  std::vector<OptionType> block_;
};

py::array_t<double> new_column(std::size_t rows) {
  return py::array_t<double>(static_cast<py::ssize_t>(rows));
}
std::span<double> span_of(py::array_t<double>& column) {
  return {column.mutable_data(), static_cast<std::size_t>(column.size())};
}

/// The arguments of a priced option, as columns.
struct Options {
  std::size_t rows;
  Types types;
  Column spot, strike, years, rate, yield, volatility;

  Options(const Flags& call, const Numbers& s, const Numbers& k, const Numbers& t, const Numbers& r, const Numbers& q,
          const Numbers& v)
      : rows(rows_of(call, s, k, t, r, q, v)),
        types(call, rows),
        spot(s, rows),
        strike(k, rows),
        years(t, rows),
        rate(r, rows),
        yield(q, rows),
        volatility(v, rows) {}

  [[nodiscard]] EuropeanBatch block(std::size_t i, std::size_t n) {
    return {types.block(i, n), spot.block(i, n),  strike.block(i, n),    years.block(i, n),
            rate.block(i, n),  yield.block(i, n), volatility.block(i, n)};
  }

 private:
  static std::size_t rows_of(const Flags& call, const Numbers& s, const Numbers& k, const Numbers& t, const Numbers& r,
                             const Numbers& q, const Numbers& v) {
    Rows all;
    all.see(call, "call");
    for (const auto& [array, name] : {std::pair{&s, "spot"},
                                      {&k, "strike"},
                                      {&t, "years"},
                                      {&r, "rate"},
                                      {&q, "dividend_yield"},
                                      {&v, "volatility"}})
      all.see(*array, name);
    return all.count();
  }
};

py::array_t<double> european_price(const Flags& call, const Numbers& spot, const Numbers& strike, const Numbers& years,
                                   const Numbers& rate, const Numbers& yield, const Numbers& volatility) {
  Options options(call, spot, strike, years, rate, yield, volatility);
  py::array_t<double> price = new_column(options.rows);
  const std::span<double> out = span_of(price);
  const py::gil_scoped_release free;
  in_blocks(options.rows,
            [&](std::size_t i, std::size_t n) { european_prices(options.block(i, n), out.subspan(i, n)); });
  return price;
}

py::dict european(const Flags& call, const Numbers& spot, const Numbers& strike, const Numbers& years,
                  const Numbers& rate, const Numbers& yield, const Numbers& volatility) {
  Options options(call, spot, strike, years, rate, yield, volatility);
  constexpr std::array names{"price", "delta", "gamma", "vega", "theta", "rho"};
  std::array<py::array_t<double>, 6> columns;
  std::array<std::span<double>, 6> out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i] = new_column(options.rows);
    out[i] = span_of(columns[i]);
  }
  {
    const py::gil_scoped_release free;
    in_blocks(options.rows, [&](std::size_t i, std::size_t n) {
      const auto of = [&](std::size_t greek) { return out[greek].subspan(i, n); };
      european_greeks(options.block(i, n), {of(0), of(1), of(2), of(3), of(4), of(5)});
    });
  }
  py::dict result;
  for (std::size_t i = 0; i < columns.size(); ++i) result[names[i]] = columns[i];
  return result;
}

using PriceBlock = void (*)(std::span<const AmericanInputs>, std::span<double>);

PriceBlock american_level(const std::string& level) {
  if (level == "quick")
    return [](std::span<const AmericanInputs> in, std::span<double> out) { american_prices<QuickLevel>(in, out); };
  if (level == "fast")
    return [](std::span<const AmericanInputs> in, std::span<double> out) { american_prices<FastLevel>(in, out); };
  if (level == "accurate")
    return [](std::span<const AmericanInputs> in, std::span<double> out) { american_prices<AccurateLevel>(in, out); };
  throw py::value_error("'" + level + "' is not a level: quick, fast or accurate");
}

using Dividends = std::vector<std::pair<double, double>>;

py::array_t<double> american_price_columns(const Flags& call, const Numbers& spot, const Numbers& strike,
                                           const Numbers& years, const Numbers& rate, const Numbers& yield,
                                           const Numbers& volatility, const std::string& level,
                                           const Dividends& dividends) {
  Options options(call, spot, strike, years, rate, yield, volatility);
  const PriceBlock prices = american_level(level);
  if (dividends.size() > max_cash_dividends)
    throw py::value_error("more than " + std::to_string(max_cash_dividends) + " dividends");
  std::vector<CashDividend> cash;
  for (const auto& [when, amount] : dividends) cash.push_back({when, amount});
  py::array_t<double> price = new_column(options.rows);
  const std::span<double> out = span_of(price);
  const py::gil_scoped_release free;
  std::vector<AmericanInputs> rows(std::min(options.rows, block_rows));
  in_blocks(options.rows, [&](std::size_t first, std::size_t n) {
    const EuropeanBatch in = options.block(first, n);
    for (std::size_t i = 0; i < n; ++i)
      rows[i] = {in.type[i], in.spot[i], in.strike[i], in.years[i], in.rate[i], in.yield[i], in.volatility[i]};
    if (cash.empty()) return prices(std::span(rows).first(n), out.subspan(first, n));
    for (std::size_t i = 0; i < n; ++i) out[first + i] = american_with_dividends<>(rows[i], cash).price;
  });
  return price;
}

std::pair<py::array_t<double>, py::list> implied_volatility(const Flags& call, const Numbers& price,
                                                            const Numbers& forward, const Numbers& strike,
                                                            const Numbers& discount, const Numbers& years) {
  Rows all;
  all.see(call, "call");
  for (const auto& [array, name] : {std::pair{&price, "price"},
                                    {&forward, "forward"},
                                    {&strike, "strike"},
                                    {&discount, "discount"},
                                    {&years, "years"}})
    all.see(*array, name);
  const std::size_t rows = all.count();
  Types types(call, rows);
  const Column p(price, rows), f(forward, rows), k(strike, rows), d(discount, rows), t(years, rows);
  py::array_t<double> volatility = new_column(rows);
  const std::span<double> out = span_of(volatility);
  std::vector<VolStatus> status(rows);
  {
    const py::gil_scoped_release free;
    in_blocks(rows, [&](std::size_t i, std::size_t n) {
      const std::span<double> part = out.subspan(i, n);
      implied_total_stdevs({types.block(i, n), p.block(i, n), f.block(i, n), k.block(i, n), d.block(i, n)}, part,
                           std::span(status).subspan(i, n));
      const std::span<const double> life = t.block(i, n);
      for (std::size_t j = 0; j < n; ++j) part[j] = life[j] > 0.0 ? part[j] / std::sqrt(life[j]) : std::nan("");
    });
  }
  std::map<VolStatus, py::str> spelled;  // one string a status, not one a row
  py::list words(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    py::str& word = spelled.try_emplace(status[i], std::string(name(status[i]))).first->second;
    words[i] = word;
  }
  return {volatility, words};
}

/// Raw bars as four columns of one length.
struct Bars {
  std::size_t rows;
  const double *open, *high, *low, *close;

  Bars(const Numbers& o, const Numbers& h, const Numbers& l, const Numbers& c)
      : rows(rows_of(o, h, l, c)), open(o.data()), high(h.data()), low(l.data()), close(c.data()) {}

  [[nodiscard]] Bar at(std::size_t i) const {
    return {Date{std::chrono::days(static_cast<std::int64_t>(i))}, open[i], high[i], low[i], close[i], 1.0};
  }

 private:
  static std::size_t rows_of(const Numbers& o, const Numbers& h, const Numbers& l, const Numbers& c) {
    Rows all;
    for (const auto& [array, name] : {std::pair{&o, "open"}, {&h, "high"}, {&l, "low"}, {&c, "close"}}) {
      if (array->ndim() != 1) throw py::value_error(std::string(name) + " is not a column");
      all.see(*array, name);
    }
    return all.count();
  }
};

RealisedEstimator estimator_of(const std::string& word) {
  if (const auto which = parse_realised_estimator(word)) return *which;
  throw py::value_error("'" + word + "' is not an estimator");
}

double realised(const std::string& estimator, const Numbers& open, const Numbers& high, const Numbers& low,
                const Numbers& close, std::size_t window, double periods) {
  const Bars all(open, high, low, close);
  const RealisedEstimator which = estimator_of(estimator);
  const std::size_t count = std::min(all.rows, window + 1), first = all.rows - count;
  std::vector<Bar> bars(count);
  for (std::size_t i = 0; i < count; ++i) bars[i] = all.at(first + i);
  const auto volatility = realised_volatility(which, bars, {.window = window, .periods = periods});
  if (volatility) return *volatility;
  switch (volatility.error().fault) {
    case RealisedFault::not_enough_bars:
      throw py::value_error("fewer bars than the window needs");
    case RealisedFault::bad_bar:
      throw py::value_error("row " + std::to_string(first + volatility.error().bar) + ": " +
                            std::string(name(volatility.error().defect)));
    case RealisedFault::invalid_input:
      break;
  }
  throw py::value_error("window or periods outside the estimator's domain");
}

py::array_t<double> realised_column(const std::string& estimator, const Numbers& open, const Numbers& high,
                                    const Numbers& low, const Numbers& close, std::size_t window, double periods) {
  const Bars all(open, high, low, close);
  const RealisedEstimator which = estimator_of(estimator);
  const RealisedSettings settings{.window = window, .periods = periods};
  if (window < smallest_window(which) || !(periods > 0.0) || !std::isfinite(periods))
    throw py::value_error("window or periods outside the estimator's domain");
  py::array_t<double> volatility = new_column(all.rows);
  const std::span<double> out = span_of(volatility);
  const py::gil_scoped_release free;
  std::vector<Bar> bars(std::min(all.rows, block_rows));
  with_estimator(which, [&]<RealisedEstimator E>(std::integral_constant<RealisedEstimator, E>) {
    RollingRealised<E> rolling(settings);
    in_blocks(all.rows, [&](std::size_t first, std::size_t n) {
      for (std::size_t i = 0; i < n; ++i) bars[i] = all.at(first + i);
      (void)rolling.push(std::span<const Bar>(bars).first(n), out.subspan(first, n));
    });
  });
  return volatility;
}

std::pair<double, double> split_event(double front_years, double front_volatility, double back_years,
                                      double back_volatility) {
  const auto split = event_split(EventModel::both_after, ExpiryVolatility<Act365>{{front_years}, front_volatility},
                                 ExpiryVolatility<Act365>{{back_years}, back_volatility});
  if (!split) throw py::value_error(std::string(name(split.error())));
  return {split->sigma_base, split->sigma_event};
}

}  // namespace

PYBIND11_MODULE(alaris, m) {
  m.doc() = "Option pricing and volatility on NumPy columns; years Act/365, rates and yields continuous, decimals.";
  m.attr("__version__") = ALARIS_VERSION_STRING;
  using py::arg;
  m.def("european_price", &european_price, arg("call"), arg("spot"), arg("strike"), arg("years"), arg("rate"),
        arg("dividend_yield"), arg("volatility"), "Price; NaN outside the domain.");
  m.def("european", &european, arg("call"), arg("spot"), arg("strike"), arg("years"), arg("rate"),
        arg("dividend_yield"), arg("volatility"),
        "Price, delta, gamma, vega (per 1.00), theta (per year) and rho (per 1.00) as a dict.");
  m.def(
      "american_price", &american_price_columns, arg("call"), arg("spot"), arg("strike"), arg("years"), arg("rate"),
      arg("dividend_yield"), arg("volatility"), arg("level") = "accurate", arg("dividends") = Dividends{},
      "American price; NaN outside the domain. level: 'quick', 'fast' or 'accurate'. dividends: [(years, amount), ...] "
      "of every row; then finite differences answer and the level does not matter.");
  m.def("implied_volatility", &implied_volatility, arg("call"), arg("price"), arg("forward"), arg("strike"),
        arg("discount"), arg("years"),
        "Volatility per square root of a year and, for each row, 'ok' or why there is none (then NaN).");
  m.def("realised_volatility", &realised, arg("estimator"), arg("open"), arg("high"), arg("low"), arg("close"),
        arg("window") = 30, arg("periods") = 252.0,
        "Volatility of the last window of bars: 'yang-zhang', 'close-to-close', 'parkinson', ...");
  m.def("realised_volatility_column", &realised_column, arg("estimator"), arg("open"), arg("high"), arg("low"),
        arg("close"), arg("window") = 30, arg("periods") = 252.0,
        "The same after every bar: NaN until the window is full and while it holds a bar that cannot be used.");
  m.def("event_split", &split_event, arg("front_years"), arg("front_volatility"), arg("back_years"),
        arg("back_volatility"), "Base volatility and event standard deviation of two expiries behind one event.");
}
