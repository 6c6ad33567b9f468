// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows behind the pictures of docs/accuracy.md: `./alaris accuracy` names the folder in ALARIS_FIGURES; without it
// nothing is written.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace alaris::test {

class FigureData {
 public:
  FigureData(const std::string& name, const std::string& header) {
    const char* folder = std::getenv("ALARIS_FIGURES");
    if (!folder) return;
    out_.open(std::string(folder) + "/" + name + ".csv");
    out_ << header << '\n';
  }
  /// Three digits: what a picture shows, and the same from every compiler as far as errors can be.
  template <class... Numbers>
  void row(Numbers... numbers) {
    if (!out_.is_open()) return;
    const char* separator = "";
    const auto write = [&](double number) {
      char text[32];
      std::snprintf(text, sizeof text, "%.3g", number);
      out_ << separator << text;
      separator = ",";
    };
    (write(numbers), ...);
    out_ << '\n';
  }

 private:
  std::ofstream out_;
};

}  // namespace alaris::test
