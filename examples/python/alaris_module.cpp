// SPDX-License-Identifier: Apache-2.0
// The Python module `alaris`: the library's columns as NumPy arrays. Contiguous float64 arrays are read where they lie;
// results are new arrays. A scalar stands for a column of itself.
#include <array>
#include <cmath>
#include <cstdint>
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
#include <alaris/pricing/european_batch.hpp>
#include <alaris/volatility/event.hpp>
#include <alaris/volatility/implied_batch.hpp>
#include <alaris/volatility/realised.hpp>

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

/// A column where it lies, or a scalar repeated.
class Column {
 public:
  Column(const Numbers& array, std::size_t rows) {
    if (array.ndim() == 1) {
      values_ = {array.data(), rows};
    } else {
      repeated_.assign(rows, *array.data());
      values_ = repeated_;
    }
  }
  [[nodiscard]] std::span<const double> values() const noexcept { return values_; }

 private:
  std::vector<double> repeated_;
  std::span<const double> values_;
};

std::vector<OptionType> types_of(const Flags& call, std::size_t rows) {
  std::vector<OptionType> types(rows);
  for (std::size_t i = 0; i < rows; ++i)
    types[i] = call.data()[call.ndim() == 1 ? i : 0] ? OptionType::call : OptionType::put;
  return types;
}

py::array_t<double> new_column(std::size_t rows) {
  return py::array_t<double>(static_cast<py::ssize_t>(rows));
}
std::span<double> span_of(py::array_t<double>& column) {
  return {column.mutable_data(), static_cast<std::size_t>(column.size())};
}

/// The arguments of a priced option, as columns.
struct Options {
  std::size_t rows;
  std::vector<OptionType> type;
  Column spot, strike, years, rate, yield, volatility;

  Options(const Flags& call, const Numbers& s, const Numbers& k, const Numbers& t, const Numbers& r, const Numbers& q,
          const Numbers& v)
      : rows(rows_of(call, s, k, t, r, q, v)),
        type(types_of(call, rows)),
        spot(s, rows),
        strike(k, rows),
        years(t, rows),
        rate(r, rows),
        yield(q, rows),
        volatility(v, rows) {}

  [[nodiscard]] EuropeanBatch batch() const noexcept {
    return {type, spot.values(), strike.values(), years.values(), rate.values(), yield.values(), volatility.values()};
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
  const Options options(call, spot, strike, years, rate, yield, volatility);
  py::array_t<double> price = new_column(options.rows);
  const std::span<double> out = span_of(price);
  const EuropeanBatch batch = options.batch();
  const py::gil_scoped_release free;
  european_prices(batch, out);
  return price;
}

py::dict european(const Flags& call, const Numbers& spot, const Numbers& strike, const Numbers& years,
                  const Numbers& rate, const Numbers& yield, const Numbers& volatility) {
  const Options options(call, spot, strike, years, rate, yield, volatility);
  constexpr std::array names{"price", "delta", "gamma", "vega", "theta", "rho"};
  std::array<py::array_t<double>, 6> columns;
  std::array<std::span<double>, 6> out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i] = new_column(options.rows);
    out[i] = span_of(columns[i]);
  }
  {
    const py::gil_scoped_release free;
    european_greeks(options.batch(), {out[0], out[1], out[2], out[3], out[4], out[5]});
  }
  py::dict result;
  for (std::size_t i = 0; i < columns.size(); ++i) result[names[i]] = columns[i];
  return result;
}

py::array_t<double> american_price_columns(const Flags& call, const Numbers& spot, const Numbers& strike,
                                           const Numbers& years, const Numbers& rate, const Numbers& yield,
                                           const Numbers& volatility) {
  const Options options(call, spot, strike, years, rate, yield, volatility);
  py::array_t<double> price = new_column(options.rows);
  const std::span<double> out = span_of(price);
  const EuropeanBatch in = options.batch();
  const py::gil_scoped_release free;
  std::vector<AmericanInputs> rows(options.rows);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = {in.type[i], in.spot[i], in.strike[i], in.years[i], in.rate[i], in.yield[i], in.volatility[i]};
  american_prices<AccurateLevel>(rows, out);
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
  const std::vector<OptionType> type = types_of(call, rows);
  const Column p(price, rows), f(forward, rows), k(strike, rows), d(discount, rows), t(years, rows);
  py::array_t<double> volatility = new_column(rows);
  const std::span<double> out = span_of(volatility);
  std::vector<VolStatus> status(rows);
  {
    const py::gil_scoped_release free;
    implied_total_stdevs({type, p.values(), f.values(), k.values(), d.values()}, out, status);
    for (std::size_t i = 0; i < rows; ++i)
      out[i] = t.values()[i] > 0.0 ? out[i] / std::sqrt(t.values()[i]) : std::nan("");
  }
  py::list words;
  for (const VolStatus each : status) words.append(std::string(name(each)));
  return {volatility, words};
}

double realised(const std::string& estimator, const Numbers& open, const Numbers& high, const Numbers& low,
                const Numbers& close, std::size_t window, double periods) {
  Rows all;
  for (const auto& [array, name] : {std::pair{&open, "open"}, {&high, "high"}, {&low, "low"}, {&close, "close"}}) {
    if (array->ndim() != 1) throw py::value_error(std::string(name) + " is not a column");
    all.see(*array, name);
  }
  const auto which = parse_realised_estimator(estimator);
  if (!which) throw py::value_error("'" + estimator + "' is not an estimator");
  std::vector<Bar> bars(all.count());
  for (std::size_t i = 0; i < bars.size(); ++i)
    bars[i] = {Date{std::chrono::days(static_cast<std::int64_t>(i))},
               open.data()[i],
               high.data()[i],
               low.data()[i],
               close.data()[i],
               1.0};
  const auto volatility = realised_volatility(*which, bars, {.window = window, .periods = periods});
  if (volatility) return *volatility;
  switch (volatility.error().fault) {
    case RealisedFault::not_enough_bars:
      throw py::value_error("fewer bars than the window needs");
    case RealisedFault::bad_bar:
      throw py::value_error("row " + std::to_string(volatility.error().bar) + ": " +
                            std::string(name(volatility.error().defect)));
    case RealisedFault::invalid_input:
      break;
  }
  throw py::value_error("window or periods outside the estimator's domain");
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
  m.def("american_price", &american_price_columns, arg("call"), arg("spot"), arg("strike"), arg("years"), arg("rate"),
        arg("dividend_yield"), arg("volatility"), "American price; NaN outside the domain.");
  m.def("implied_volatility", &implied_volatility, arg("call"), arg("price"), arg("forward"), arg("strike"),
        arg("discount"), arg("years"),
        "Volatility per square root of a year and, for each row, 'ok' or why there is none (then NaN).");
  m.def("realised_volatility", &realised, arg("estimator"), arg("open"), arg("high"), arg("low"), arg("close"),
        arg("window") = 30, arg("periods") = 252.0,
        "Volatility of the last window of bars: 'yang-zhang', 'close-to-close', 'parkinson', ...");
  m.def("event_split", &split_event, arg("front_years"), arg("front_volatility"), arg("back_years"),
        arg("back_volatility"), "Base volatility and event standard deviation of two expiries behind one event.");
}
