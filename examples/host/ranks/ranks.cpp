// SPDX-License-Identifier: Apache-2.0
#include "ranks/ranks.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#ifdef ALARIS_HAS_MPI
#include <mpi.h>
#endif

#include <fmt/format.h>

#include "host_error.hpp"

namespace alaris::host {
namespace {

constexpr const char* rank_names[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};

bool launched() {
  return std::any_of(std::begin(rank_names), std::end(rank_names),
                     [](const char* name) { return std::getenv(name) != nullptr; });
}

/// An answer as it travels: 'R' and the result, or 'E', the exit code and the sentence.
std::string answer_of(const std::function<std::string(std::size_t)>& work, std::size_t piece) {
  try {
    return "R" + work(piece);
  } catch (const HostError& e) {
    return fmt::format("E{:03d}{}", static_cast<int>(e.code()), e.what());
  } catch (const std::exception& e) {
    return fmt::format("E{:03d}{}", static_cast<int>(ExitCode::internal), e.what());
  }
}

/// What rank 0 knows while it deals. Every member is used under the lock.
class Dealer {
 public:
  Dealer(std::span<const std::size_t> pieces, const Ranks::Sharing& sharing) : pieces_(pieces), sharing_(&sharing) {}

  /// The next piece for a rank, or nothing to do.
  std::int64_t deal(int rank) {
    const std::lock_guard lock(mutex_);
    if (next_ == pieces_.size()) return -1;
    const std::size_t piece = pieces_[next_++];
    if (sharing_->dealt) sharing_->dealt(piece, rank);
    return static_cast<std::int64_t>(piece);
  }
  void take(std::size_t piece, std::string answer) {
    const std::lock_guard lock(mutex_);
    if (answer.front() == 'R')
      sharing_->take(piece, answer.substr(1));
    else
      failures_.emplace(piece, std::move(answer));
  }
  void rethrow() const {
    if (failures_.empty()) return;
    const std::string& first = failures_.begin()->second;
    throw HostError(static_cast<ExitCode>(std::atoi(first.substr(1, 3).c_str())), first.substr(4));
  }

 private:
  std::mutex mutex_;
  std::span<const std::size_t> pieces_;
  const Ranks::Sharing* sharing_;
  std::size_t next_ = 0;
  std::map<std::size_t, std::string> failures_;
};

void work_through(Dealer& dealer, const Ranks::Sharing& sharing) {
  for (std::int64_t piece = dealer.deal(0); piece >= 0; piece = dealer.deal(0))
    dealer.take(static_cast<std::size_t>(piece), answer_of(sharing.work, static_cast<std::size_t>(piece)));
}

#ifdef ALARIS_HAS_MPI
constexpr int tag_asking = 1, tag_piece = 2, tag_leaving = 3;

/// Answers of the other ranks in, pieces out, until all have left.
void serve(Dealer& dealer, int size) {
  std::vector<char> message;
  for (int present = size - 1; present > 0;) {
    int waiting = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &waiting, &status);
    if (waiting == 0) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      continue;
    }
    int bytes = 0;
    MPI_Get_count(&status, MPI_BYTE, &bytes);
    message.resize(static_cast<std::size_t>(bytes));
    MPI_Recv(message.data(), bytes, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (status.MPI_TAG == tag_leaving) {
      --present;
      continue;
    }
    std::int64_t done = -1;
    std::memcpy(&done, message.data(), sizeof done);
    if (done >= 0) dealer.take(static_cast<std::size_t>(done), {message.begin() + sizeof done, message.end()});
    const std::int64_t piece = dealer.deal(status.MPI_SOURCE);
    MPI_Send(&piece, sizeof piece, MPI_BYTE, status.MPI_SOURCE, tag_piece, MPI_COMM_WORLD);
  }
}

/// One thread of a rank above 0: hands in the last answer, asks for the next piece.
void ask_and_work(std::mutex& mutex, const std::function<std::string(std::size_t)>& work) {
  std::int64_t piece = -1;
  std::string answer;
  for (;;) {
    std::string message(sizeof piece, '\0');
    std::memcpy(message.data(), &piece, sizeof piece);
    message += answer;
    {
      const std::lock_guard lock(mutex);
      MPI_Send(message.data(), static_cast<int>(message.size()), MPI_BYTE, 0, tag_asking, MPI_COMM_WORLD);
      MPI_Recv(&piece, sizeof piece, MPI_BYTE, 0, tag_piece, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    if (piece < 0) return;
    answer = answer_of(work, static_cast<std::size_t>(piece));
  }
}
#endif

}  // namespace

int launched_rank() {
  for (const char* name : rank_names)
    if (const char* value = std::getenv(name)) return std::atoi(value);
  return 0;
}

Ranks::Ranks() {
  if (!launched()) return;
#ifdef ALARIS_HAS_MPI
  int granted = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &granted);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  std::string own(MPI_MAX_PROCESSOR_NAME, '\0');
  int length = 0;
  MPI_Get_processor_name(own.data(), &length);
  std::string all(own.size() * static_cast<std::size_t>(size_), '\0');
  MPI_Allgather(own.data(), MPI_MAX_PROCESSOR_NAME, MPI_CHAR, all.data(), MPI_MAX_PROCESSOR_NAME, MPI_CHAR,
                MPI_COMM_WORLD);
  machines_.clear();
  for (std::size_t i = 0; i < static_cast<std::size_t>(size_); ++i)
    machines_.emplace_back(all.c_str() + i * own.size());
#else
  throw HostError(ExitCode::unavailable,
                  "started as one of several ranks, but built without MPI: install libopenmpi-dev and build again");
#endif
}

Ranks::~Ranks() {
#ifdef ALARIS_HAS_MPI
  if (launched() && std::uncaught_exceptions() == 0) MPI_Finalize();
#endif
}

void Ranks::share(std::span<const std::size_t> pieces, int threads, const Sharing& sharing) {
  const unsigned cores = size_ > 1 ? 1u : std::max(1u, std::thread::hardware_concurrency());
  const unsigned wanted = threads > 0 ? static_cast<unsigned>(threads) : cores;
#ifdef ALARIS_HAS_MPI
  if (rank_ > 0) {
    std::mutex mutex;
    {
      std::vector<std::thread> others;
      for (unsigned t = 1; t < wanted; ++t) others.emplace_back([&] { ask_and_work(mutex, sharing.work); });
      ask_and_work(mutex, sharing.work);
      for (std::thread& other : others) other.join();
    }
    MPI_Send(nullptr, 0, MPI_BYTE, 0, tag_leaving, MPI_COMM_WORLD);
    return;
  }
#endif
  Dealer dealer(pieces, sharing);
  std::vector<std::thread> others;
  const bool serving = size_ > 1;
  for (unsigned t = serving ? 0 : 1; t < wanted && t < pieces.size(); ++t)
    others.emplace_back([&] { work_through(dealer, sharing); });
#ifdef ALARIS_HAS_MPI
  if (serving) serve(dealer, size_);
#endif
  if (!serving) work_through(dealer, sharing);
  for (std::thread& other : others) other.join();
  dealer.rethrow();
}

}  // namespace alaris::host
