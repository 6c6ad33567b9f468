// SPDX-License-Identifier: Apache-2.0
#pragma once
// A scratch folder that cleans up after itself, and a way to run the host as a user does.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace alaris::test {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "alaris-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
  }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Ran {
  int exit_code = -1;
  std::string output;  // stdout and stderr together
};

/// Runs a shell command in `folder` with a bare environment.
[[nodiscard]] inline Ran run(const std::filesystem::path& folder, const std::string& command) {
  const std::string line = "cd '" + folder.string() + "' && env -i PATH=\"$PATH\" HOME='" + folder.string() +
                           "' ASAN_OPTIONS=detect_leaks=0 " + command + " 2>&1 </dev/null";
  Ran ran;
  std::FILE* pipe = ::popen(line.c_str(), "r");
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) ran.output.append(buffer, n);
  const int status = ::pclose(pipe);
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

/// Runs the host with arguments; the output is what went to stdout alone, the messages are in notes.txt.
[[nodiscard]] inline Ran alaris_data(const ScratchFolder& folder, const std::string& arguments) {
  Ran ran = run(folder.path(), std::string("sh -c '") + ALARIS_HOST + " " + arguments + " >data.txt 2>notes.txt'");
  ran.output = content_of(folder.path() / "data.txt");
  return ran;
}

/// Runs the host with arguments.
[[nodiscard]] inline Ran alaris_host(const std::filesystem::path& folder, const std::string& arguments) {
  std::string line = ALARIS_HOST;
  line += ' ';
  line += arguments;
  return run(folder, line);
}

/// A chain folder of one name, small but whole; tests spoil one file each.
inline void write_sound_folder(const ScratchFolder& folder) {
  folder.write("ACME/chain.csv",
               "date,expiry,strike,right,bid,ask,last,volume,open_interest,iv\n"
               "2026-06-01,2026-06-19,100,C,4.0,4.2,4.1,120,900,0.40\n"
               "2026-06-01,2026-06-19,100,P,3.8,4.0,3.9,100,800,0.40\n");
  folder.write("ACME/bars.csv",
               "date,open,high,low,close,volume\n"
               "2026-05-29,99,101,98,100,1000000\n"
               "2026-06-01,100,102,99,100.5,1200000\n");
  folder.write("earnings.csv", "symbol,date,session,source,known_from,known_until\n");
  folder.write("vix.csv", "date,open,high,low,close\n2026-06-01,18,19,17,18.5\n");
  folder.write("rates.csv", "date,tenor_years,rate\n2026-06-01,0.25,0.0375\n");
}

}  // namespace alaris::test
