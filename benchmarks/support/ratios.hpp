// SPDX-License-Identifier: Apache-2.0
#pragma once
// One main for the benchmarks that set Alaris beside its peers. A benchmark is named "work/contender" and counts its
// items; after the usual output comes a Markdown table of the time of one item (the least of all repetitions) and of
// its ratio to the contender of the same work whose name begins with "Alaris".

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Counts `items` worked per iteration and shows `worst`, the largest error of the answers in units of `limit`'s text.
/// A contender that is worse than `allowed` has no time.
inline void answer(benchmark::State& state, std::size_t items, double worst, double allowed) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(items));
  state.counters["error"] = worst;
  if (!(worst <= allowed)) state.SkipWithError("wrong answer");
}

class RatioTable : public benchmark::ConsoleReporter {
 public:
  RatioTable() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const auto rate = run.counters.find("items_per_second");
      const double items = rate == run.counters.end() ? static_cast<double>(run.iterations) / run.cpu_accumulated_time
                                                      : static_cast<double>(rate->second.value);
      const std::string& whole = run.run_name.function_name;
      const std::size_t slash = whole.find('/');
      const std::string work = whole.substr(0, slash),
                        contender = slash == std::string::npos ? "Alaris" : whole.substr(slash + 1);
      Row& row = row_of(work, contender);
      row.nanoseconds = std::min(row.nanoseconds, 1e9 / items);
      if (const auto error = run.counters.find("error"); error != run.counters.end()) row.error = error->second.value;
    }
  }

  void Finalize() override {
    ConsoleReporter::Finalize();
    std::printf("\n| work | contender | one takes | ratio | worst error |\n|---|---|---|---|---|\n");
    for (const std::string& work : works_) {
      double ours = std::numeric_limits<double>::quiet_NaN();
      for (const Row& row : rows_[work])
        if (row.contender.rfind("Alaris", 0) == 0 && !(ours <= row.nanoseconds)) ours = row.nanoseconds;
      for (const Row& row : rows_[work])
        std::printf("| %s | %s | %s | %.1f | %.2g |\n", work.c_str(), row.contender.c_str(),
                    time_text(row.nanoseconds).c_str(), row.nanoseconds / ours, row.error);
    }
  }

 private:
  struct Row {
    std::string contender;
    double nanoseconds = std::numeric_limits<double>::infinity();
    double error = 0.0;
  };
  Row& row_of(const std::string& work, const std::string& contender) {
    if (rows_.find(work) == rows_.end()) works_.push_back(work);
    std::vector<Row>& rows = rows_[work];
    for (Row& row : rows)
      if (row.contender == contender) return row;
    rows.push_back({contender});
    return rows.back();
  }
  static std::string time_text(double nanoseconds) {
    char text[32];
    if (nanoseconds < 1e3)
      std::snprintf(text, sizeof text, nanoseconds < 100 ? "%.1f ns" : "%.0f ns", nanoseconds);
    else if (nanoseconds < 1e6)
      std::snprintf(text, sizeof text, "%.2f us", nanoseconds / 1e3);
    else
      std::snprintf(text, sizeof text, "%.2f ms", nanoseconds / 1e6);
    return text;
  }

  std::vector<std::string> works_;
  std::map<std::string, std::vector<Row>> rows_;
};

inline int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  RatioTable table;
  benchmark::RunSpecifiedBenchmarks(&table);
  benchmark::Shutdown();
  return 0;
}

}  // namespace bench
