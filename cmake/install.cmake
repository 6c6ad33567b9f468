# Installs the headers and the package; relocatable, independent of the architecture.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/alaris")
install(TARGETS alaris_core EXPORT alaris-core FILE_SET HEADERS)
install(EXPORT alaris-core NAMESPACE alaris:: DESTINATION "${package_dir}" FILE alaris-core-targets.cmake)
if(TARGET alaris_alaris)
  install(TARGETS alaris_alaris EXPORT alaris-alaris FILE_SET HEADERS)
  install(EXPORT alaris-alaris NAMESPACE alaris:: DESTINATION "${package_dir}" FILE alaris-alaris-targets.cmake)
endif()
if(TARGET alaris_quantlib)
  install(TARGETS alaris_quantlib EXPORT alaris-quantlib FILE_SET HEADERS)
  install(EXPORT alaris-quantlib NAMESPACE alaris:: DESTINATION "${package_dir}" FILE alaris-quantlib-targets.cmake)
  install(FILES "${PROJECT_SOURCE_DIR}/cmake/FindQuantLib.cmake" DESTINATION "${package_dir}")
endif()
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/alaris-config.cmake.in"
  "${PROJECT_BINARY_DIR}/alaris-config.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/alaris-config-version.cmake" COMPATIBILITY SameMinorVersion
  ARCH_INDEPENDENT)
configure_file("${PROJECT_SOURCE_DIR}/cmake/alaris.pc.in" "${PROJECT_BINARY_DIR}/alaris.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/alaris.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
install(FILES "${PROJECT_BINARY_DIR}/alaris-config.cmake" "${PROJECT_BINARY_DIR}/alaris-config-version.cmake"
  DESTINATION "${package_dir}")
