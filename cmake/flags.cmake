# Flags that are part of correctness: no contraction, no fast maths, the same rounding everywhere.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# A preset may name its own; CMake's default (-O3 -DNDEBUG) is not what releases are tested with.
if("$CACHE{CMAKE_CXX_FLAGS_RELEASE}" STREQUAL "-O3 -DNDEBUG")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2")
endif()

add_library(margrave_flags INTERFACE)
target_compile_options(margrave_flags INTERFACE
  -ffp-contract=off -fno-fast-math
  -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# Kernels are written once and compiled once per instruction set; only these files get its flags.
function(margrave_kernel_flags)
  foreach(file ${ARGN})
    get_filename_component(name ${file} NAME)
    if(name MATCHES "^kernel_scalar")
      set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS "-mfma")
    elseif(name MATCHES "^kernel_avx2")
      set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma")
    elseif(name MATCHES "^kernel_avx512_vnni")
      set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS "-mavx512vnni;-mavx512f;-mavx512dq;-mavx512vl;-mavx512bw;-mavx2;-mfma")
    elseif(name MATCHES "^kernel_avx512")
      set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS "-mavx512f;-mavx512dq;-mavx512vl;-mavx512bw;-mavx2;-mfma")
    endif()
  endforeach()
endfunction()
