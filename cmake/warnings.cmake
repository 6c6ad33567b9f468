# Warnings and determinism flags for our own translation units; a consumer gets none of them.
add_library(alaris_strict INTERFACE)
target_compile_options(alaris_strict INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wnull-dereference -Wdouble-promotion
  -ffp-contract=off)  # decisions are the same bits on every compiler
if(ALARIS_WARNINGS_AS_ERRORS)
  target_compile_options(alaris_strict INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports null dereferences inside libstdc++ containers at -O2 (PR 108842 and relatives).
  # It also sees overlaps and overruns in std::string's operator+ that are not there (PR 105651).
  target_compile_options(alaris_strict INTERFACE -Wno-null-dereference -Wno-restrict -Wno-array-bounds
    -Wno-stringop-overflow)
  # What its optimiser says of lifetimes depends on what it inlined: shown, and no reason to stop a build.
  target_compile_options(alaris_strict INTERFACE -Wno-error=maybe-uninitialized -Wno-error=dangling-pointer
    -Wno-error=free-nonheap-object -Wno-error=use-after-free)
endif()
