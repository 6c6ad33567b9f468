// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work shared between threads and, when `mpirun` or `srun` started this process as one of several, between ranks. Rank
// 0 deals out one piece at a time to whoever is free and takes every answer; who did what changes no answer.

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace alaris::host {

/// This process's rank as its launcher says; 0 when there is none. Asks the environment alone.
[[nodiscard]] int launched_rank();

class Ranks {
 public:
  /// Joins the other ranks where a launcher started this process; else it is alone. One object a process. Throws
  /// HostError(unavailable) under a launcher when this program was built without MPI.
  Ranks();
  /// Leaves them. After a failure it does not wait for them: the launcher ends the others.
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  [[nodiscard]] int rank() const noexcept { return rank_; }
  [[nodiscard]] int size() const noexcept { return size_; }
  /// Whether this process prints and keeps what was found.
  [[nodiscard]] bool leads() const noexcept { return rank_ == 0; }
  /// Name of the machine of a rank.
  [[nodiscard]] const std::string& machine(int rank) const { return machines_[static_cast<std::size_t>(rank)]; }

  struct Sharing {
    std::function<std::string(std::size_t)> work;          // anywhere, on any thread; may throw
    std::function<void(std::size_t, int)> dealt;           // rank 0, one at a time: piece, rank
    std::function<void(std::size_t, std::string&&)> take;  // rank 0, one at a time, as answers arrive
  };
  /// Every rank calls this with the same work; rank 0 says which pieces. Returns on rank 0 when every answer was taken.
  ///   threads  of this rank; 0: all cores when alone, else one
  /// A failure of `work` does not stop the others; rank 0 then throws the one of the smallest piece.
  void share(std::span<const std::size_t> pieces, int threads, const Sharing& sharing);

 private:
  int rank_ = 0;
  int size_ = 1;
  std::vector<std::string> machines_{"this machine"};
};

}  // namespace alaris::host
