# Every public header, listed (not globbed): knowing this list is knowing what Alaris installs.
# tests/architecture fails when a header in the tree is missing here. Keep each list sorted.

# Standard library only: alaris::core.
set(ALARIS_CORE_HEADERS
  alaris/core/expected.hpp
  alaris/core/expects.hpp
  alaris/core/money.hpp
  alaris/core/option.hpp
  alaris/core/time.hpp
  alaris/core/version.hpp
)

# Need Eigen, Boost headers or fmt: alaris::alaris.
set(ALARIS_PACKAGE_HEADERS
)
