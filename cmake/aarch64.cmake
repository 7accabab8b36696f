# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Cross-build for arm64: cmake -B build-arm64 --toolchain cmake/aarch64.cmake, after cmake/setup.sh --arm64.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
find_program(KETONES_CROSS_CC aarch64-linux-gnu-gcc)
if(NOT KETONES_CROSS_CC)
	message(FATAL_ERROR "aarch64-linux-gnu-gcc is missing: cmake/setup.sh --arm64, "
		"or apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross")
endif()
set(CMAKE_C_COMPILER ${KETONES_CROSS_CC})
set(CMAKE_ASM_COMPILER ${KETONES_CROSS_CC})

# The arm64 packages of the libraries, unpacked; nothing of this machine's own may be found instead.
get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/../third_party/arm64 ABSOLUTE)
set(CMAKE_FIND_ROOT_PATH ${root})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
