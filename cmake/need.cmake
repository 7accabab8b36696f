# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Find a program or a static library, or say in one line what is missing and how to get it.

if(CMAKE_CROSSCOMPILING)
	set(KETONES_LIBRARY_HOWTO "cmake/setup.sh --arm64 brings it, or unpack")
else()
	set(KETONES_LIBRARY_HOWTO "apt-get install")
endif()

function(need_program variable package)
	find_program(${variable} NAMES ${ARGN} NAMES_PER_DIR)
	if(NOT ${variable})
		list(GET ARGN 0 name)
		message(FATAL_ERROR "${name} is missing: apt-get install ${package}")
	endif()
endfunction()

# need_library(VARIABLE PACKAGE HEADER NAME): the static library, and the folder of its header in VARIABLE_HEADER.
function(need_library variable package header name)
	find_library(${variable} ${name})
	find_path(${variable}_HEADER ${header})
	if(NOT ${variable})
		message(FATAL_ERROR "${name} is missing: ${KETONES_LIBRARY_HOWTO} ${package}")
	elseif(NOT ${variable}_HEADER)
		message(FATAL_ERROR "${header} is missing: ${KETONES_LIBRARY_HOWTO} ${package}")
	endif()
endfunction()
