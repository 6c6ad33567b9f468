# SPDX-License-Identifier: Apache-2.0
# conan create cmake/packaging/conan
from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain
from conan.tools.files import copy


class Alaris(ConanFile):
    name = "alaris"
    version = "0.1.0"
    license = "Apache-2.0"
    description = "Header-only C++20 library for options trading around earnings: volatility, American pricing, rules"
    package_type = "header-library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"packages": [True, False]}
    default_options = {"packages": False}
    no_copy_source = True

    def requirements(self):
        if self.options.packages:  # alaris::alaris
            for name in ("eigen/3.4.0", "boost/1.81.0", "fmt/9.1.0"):
                self.requires(name, transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def export_sources(self):
        root = Path(self.recipe_folder).parents[2]
        for pattern in ("CMakeLists.txt", "LICENSE", "include/*", "cmake/*"):
            copy(self, pattern, src=str(root), dst=self.export_sources_folder)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["ALARIS_BUILD_HOST"] = False
        toolchain.cache_variables["ALARIS_INSTALL"] = True
        toolchain.cache_variables["CMAKE_DISABLE_FIND_PACKAGE_QuantLib"] = True
        for name in ("Eigen3", "Boost", "fmt"):  # what is installed must not depend on what else is on the machine
            toolchain.cache_variables[f"CMAKE_DISABLE_FIND_PACKAGE_{name}"] = not self.options.packages
        toolchain.generate()
        CMakeDeps(self).generate()

    def package(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.install()
        copy(self, "LICENSE", src=self.source_folder, dst=str(Path(self.package_folder) / "licenses"))

    def package_info(self):
        self.cpp_info.bindirs = self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "alaris")
        self.cpp_info.components["core"].set_property("cmake_target_name", "alaris::core")
        if self.options.packages:
            packages = self.cpp_info.components["alaris"]
            packages.set_property("cmake_target_name", "alaris::alaris")
            packages.requires = ["core", "eigen::eigen", "boost::headers", "fmt::fmt"]

    def package_id(self):
        self.info.settings.clear()  # headers only; the option decides which of them
        self.info.requires.clear()
