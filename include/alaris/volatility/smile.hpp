// SPDX-License-Identifier: Apache-2.0
#pragma once
// The smile of one expiry as one has it: SVI where it fits, else a monotone interpolation of the quotes, and which.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/volatility/svi.hpp>
#include <alaris/volatility/svi_fit.hpp>

namespace alaris::inline v0 {

/// Cubic through the quotes that never overshoots them; beyond the outer quotes total variance is flat.
///   source   Fritsch & Carlson, SIAM J. Numerical Analysis 17(2), 1980, with the weighted harmonic slopes of
///            Fritsch & Butland, 1984
class MonotoneSmile {
 public:
  MonotoneSmile() = default;
  /// Quotes of any order; equal k are averaged by weight. Precondition: finite, errors positive.
  explicit MonotoneSmile(std::span<const SmileQuote> quotes) {
    std::vector<SmileQuote> sorted(quotes.begin(), quotes.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.k < b.k; });
    for (std::size_t i = 0; i < sorted.size();) {
      double weights = 0.0, sum = 0.0;
      const double k = sorted[i].k;
      for (; i < sorted.size() && sorted[i].k == k; ++i) {
        const double weight = 1.0 / (sorted[i].error * sorted[i].error);
        weights += weight;
        sum += weight * sorted[i].total_variance;
      }
      k_.push_back(k);
      w_.push_back(sum / weights);
    }
    slope_.assign(k_.size(), 0.0);
    for (std::size_t i = 1; i + 1 < k_.size(); ++i) {
      const double left = k_[i] - k_[i - 1], right = k_[i + 1] - k_[i];
      const double before = (w_[i] - w_[i - 1]) / left, after = (w_[i + 1] - w_[i]) / right;
      if (before * after > 0.0)
        slope_[i] = 3.0 * (left + right) / ((2.0 * right + left) / before + (right + 2.0 * left) / after);
    }
  }

  /// NaN without quotes.
  [[nodiscard]] double total_variance(double k) const noexcept {
    if (k_.empty() || std::isnan(k)) return std::nan("");
    if (k <= k_.front()) return w_.front();
    if (k >= k_.back()) return w_.back();
    const auto i = static_cast<std::size_t>(std::upper_bound(k_.begin(), k_.end(), k) - k_.begin());
    const double width = k_[i] - k_[i - 1], t = (k - k_[i - 1]) / width, u = 1.0 - t;
    return u * u * ((1.0 + 2.0 * t) * w_[i - 1] + t * width * slope_[i - 1]) +
           t * t * ((1.0 + 2.0 * u) * w_[i] - u * width * slope_[i]);
  }
  [[nodiscard]] std::size_t size() const noexcept { return k_.size(); }

 private:
  std::vector<double> k_, w_, slope_;
};

/// A fitted smile. `why_not_svi` is empty when it is SVI; `rms` is then of residual / error, else 0.
struct Smile {
  std::variant<SviRaw, MonotoneSmile> form;
  std::optional<SmileFault> why_not_svi;
  double rms = 0.0;

  [[nodiscard]] bool is_svi() const noexcept { return form.index() == 0; }
  /// At k = ln(K / F).
  [[nodiscard]] double total_variance(double k) const noexcept {
    if (const SviRaw* svi = std::get_if<SviRaw>(&form)) return svi_total_variance(*svi, k);
    return std::get_if<MonotoneSmile>(&form)->total_variance(k);
  }
  /// Per square root of a year; NaN where there is none.
  [[nodiscard]] double volatility(double k, double years) const noexcept {
    const double w = total_variance(k);
    return w >= 0.0 && years > 0.0 ? std::sqrt(w / years) : std::nan("");
  }
};

/// SVI, or the interpolation together with the reason.
///   error   invalid_input; too_few_quotes when there is none at all
[[nodiscard]] inline expected<Smile, SmileFault> fit_smile(std::span<const SmileQuote> quotes,
                                                           const SviFitSettings& settings = {}) {
  if (quotes.empty()) return unexpected(SmileFault::too_few_quotes);
  for (const SmileQuote& quote : quotes)
    if (!std::isfinite(quote.k) || !(quote.total_variance >= 0.0) || !std::isfinite(quote.total_variance) ||
        !(quote.error > 0.0) || !std::isfinite(quote.error))
      return unexpected(SmileFault::invalid_input);
  const auto svi = fit_svi(quotes, settings);
  if (svi) return Smile{svi->svi, std::nullopt, svi->rms};
  return Smile{MonotoneSmile(quotes), svi.error(), 0.0};
}

}  // namespace alaris::inline v0
