# A port over this checkout: vcpkg install alaris --overlay-ports=cmake/packaging/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(VCPKG_BUILD_TYPE release)  # headers only
# Without the feature the packages are not looked for: what is installed does not depend on what else is.
vcpkg_check_features(OUT_FEATURE_OPTIONS feature_options INVERTED_FEATURES
  alaris CMAKE_DISABLE_FIND_PACKAGE_Eigen3
  alaris CMAKE_DISABLE_FIND_PACKAGE_Boost
  alaris CMAKE_DISABLE_FIND_PACKAGE_fmt)
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DALARIS_BUILD_HOST=OFF -DALARIS_INSTALL=ON -DCMAKE_DISABLE_FIND_PACKAGE_QuantLib=ON ${feature_options})
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/alaris)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/lib")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
