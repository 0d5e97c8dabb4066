# An install tree that find_package(margrave CONFIG) and pkg-config find: headers, one static library per folder but
# the command line, the binary, and the data that ships.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(margrave_cmake ${CMAKE_INSTALL_LIBDIR}/cmake/margrave)
set(margrave_headers ${CMAKE_INSTALL_INCLUDEDIR}/margrave)
set(margrave_share ${CMAKE_INSTALL_DATADIR}/margrave)

# Consumers link margrave::margrave, which brings the folders in the right order; the folders are there by their names.
add_library(margrave_library INTERFACE)
set_target_properties(margrave_library PROPERTIES EXPORT_NAME margrave)
set(margrave_installed margrave_library)
set(margrave_archives "")
get_property(folders GLOBAL PROPERTY MARGRAVE_FOLDERS)
list(REMOVE_ITEM folders cli)
foreach(folder ${folders})
  set(target margrave_${folder})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${folder})
  get_target_property(type ${target} TYPE)
  target_include_directories(${target} INTERFACE $<INSTALL_INTERFACE:${margrave_headers}>)
  target_link_libraries(margrave_library INTERFACE ${target})
  list(APPEND margrave_installed ${target})
  if(type STREQUAL STATIC_LIBRARY)
    string(PREPEND margrave_archives "-l${target} ")  # a folder stands before those it includes
  endif()
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/${folder}/ DESTINATION ${margrave_headers}/${folder}
    FILES_MATCHING PATTERN "*.h" PATTERN "*_kernel.h" EXCLUDE PATTERN "*_test.h" EXCLUDE)
endforeach()
target_compile_features(margrave_library INTERFACE cxx_std_20)

install(TARGETS ${margrave_installed} EXPORT margraveTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT margraveTargets NAMESPACE margrave:: DESTINATION ${margrave_cmake})
configure_package_config_file(cmake/margraveConfig.cmake.in ${PROJECT_BINARY_DIR}/margraveConfig.cmake
  INSTALL_DESTINATION ${margrave_cmake})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/margraveConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/margraveConfig.cmake ${PROJECT_BINARY_DIR}/margraveConfigVersion.cmake
  DESTINATION ${margrave_cmake})

# The prefix is where the file is found, so that `cmake --install --prefix` may choose it.
file(RELATIVE_PATH margrave_prefix /x/${CMAKE_INSTALL_LIBDIR}/pkgconfig /x)
configure_file(cmake/margrave.pc.in ${PROJECT_BINARY_DIR}/margrave.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/margrave.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${margrave_share})
foreach(data recipes scenarios unwind schemas examples)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${data})
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${data} DESTINATION ${margrave_share})
  endif()
endforeach()

if(TARGET margrave)
  install(TARGETS margrave DESTINATION ${CMAKE_INSTALL_BINDIR})
  # The command line writes its own completions; each shell looks for them under a name of its own.
  install(CODE "
    set(binary \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/margrave\")
    set(data \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}\")
    foreach(pair bash=bash-completion/completions/margrave zsh=zsh/site-functions/_margrave
                 fish=fish/vendor_completions.d/margrave.fish)
      string(REPLACE = \";\" pair \"\${pair}\")
      list(GET pair 0 shell)
      list(GET pair 1 file)
      execute_process(COMMAND \"\${binary}\" completion \${shell} OUTPUT_VARIABLE text ERROR_QUIET RESULT_VARIABLE code)
      if(code EQUAL 0)
        message(STATUS \"Installing: \${data}/\${file}\")
        file(WRITE \"\${data}/\${file}\" \"\${text}\")
      else()
        message(STATUS \"No completion for \${shell}\")
      endif()
    endforeach()")
endif()
