# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# generated/versions.h: what this executable was built from, for --version.

# version(VARIABLE FILE REGEX): the first group of the regular expression in a file.
function(version variable file regex)
	file(STRINGS ${file} line REGEX "${regex}" LIMIT_COUNT 1)
	if(line MATCHES "${regex}")
		set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
	else()
		set(${variable} unknown PARENT_SCOPE)
	endif()
endfunction()

set(libbpf_version ${KETONES_THIRD_PARTY}/include/bpf/libbpf_version.h)
version(major ${libbpf_version} "LIBBPF_MAJOR_VERSION ([0-9]+)")
version(minor ${libbpf_version} "LIBBPF_MINOR_VERSION ([0-9]+)")
set(libbpf ${major}.${minor})
if(libbpf VERSION_LESS 1.5)
	message(FATAL_ERROR "libbpf is ${libbpf}, and 1.5 is needed")
endif()
execute_process(COMMAND ${KETONES_BPFTOOL} version OUTPUT_VARIABLE bpftool)
string(REGEX MATCH "v([0-9.]+)" match "${bpftool}")
set(bpftool ${CMAKE_MATCH_1})
version(libelf ${KETONES_LIBELF_A_HEADER}/elfutils/version.h "_ELFUTILS_VERSION[ \t]+([0-9]+)")
version(zlib ${KETONES_LIBZ_A_HEADER}/zlib.h "define ZLIB_VERSION \"([^\"]+)\"")
set(lzma_version ${KETONES_LIBLZMA_A_HEADER}/lzma/version.h)
version(major ${lzma_version} "define LZMA_VERSION_MAJOR ([0-9]+)")
version(minor ${lzma_version} "define LZMA_VERSION_MINOR ([0-9]+)")
version(patch ${lzma_version} "define LZMA_VERSION_PATCH ([0-9]+)")
# libiberty does not tell its version; the package does.
set(libiberty unknown)
if(CMAKE_CROSSCOMPILING)
	if(EXISTS ${CMAKE_FIND_ROOT_PATH}/packages)
		version(libiberty ${CMAKE_FIND_ROOT_PATH}/packages "^libiberty-dev (.*)$")
	endif()
else()
	execute_process(COMMAND dpkg-query -W -f "\${Version}" libiberty-dev
		OUTPUT_VARIABLE output RESULT_VARIABLE result ERROR_QUIET)
	if(result EQUAL 0)
		set(libiberty ${output})
	endif()
endif()
file(STRINGS ${KETONES_THIRD_PARTY}/source source LIMIT_COUNT 1)

file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/versions.h @ONLY CONTENT
"/* Generated: what this executable was built from. */
#define KETONES_VERSION \"${PROJECT_VERSION}\"
#define KETONES_DATE \"${KETONES_DATE}\"
#define KETONES_LIBBPF \"${libbpf}\"
#define KETONES_BPFTOOL \"${bpftool}\"
#define KETONES_LIBELF \"0.${libelf}\"
#define KETONES_ZLIB \"${zlib}\"
#define KETONES_LIBLZMA \"${major}.${minor}.${patch}\"
#define KETONES_LIBIBERTY \"${libiberty}\"
#define KETONES_CLANG \"clang ${KETONES_CLANG_VERSION}\"
#define KETONES_SOURCE \"${source}\"
")
message(STATUS "libbpf ${libbpf} and bpftool ${bpftool} (${source}), clang ${KETONES_CLANG_VERSION} for BPF")
