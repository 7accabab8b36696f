# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# An applet is applets/NAME.c and, if it has programs, bpf/NAME.bpf.c; nothing else names it.
#
# Made here: generated/applets.inc, the table that core/registry.c includes, and generated/objects.S, which embeds
# each BPF object, linked by bpftool (which drops DWARF and keeps BTF) and compressed.

# The newest clang; Debian numbers its programs, and the plain one may be older.
set(names)
foreach(version RANGE 40 19 -1)
	list(APPEND names clang-${version})
endforeach()
find_program(KETONES_CLANG NAMES ${names} clang)
if(NOT KETONES_CLANG)
	message(FATAL_ERROR "clang is missing: apt-get install clang-19")
endif()
execute_process(COMMAND ${KETONES_CLANG} --version OUTPUT_VARIABLE KETONES_CLANG_VERSION)
string(REGEX MATCH "version ([0-9]+)([0-9.]*)" match "${KETONES_CLANG_VERSION}")
set(KETONES_CLANG_VERSION ${CMAKE_MATCH_1}${CMAKE_MATCH_2})
if(KETONES_CLANG_VERSION VERSION_LESS 15)
	message(FATAL_ERROR "'${KETONES_CLANG}' is clang ${KETONES_CLANG_VERSION}, and 15 is needed: apt-get install clang-19")
endif()

# -nostdinc: bpf/ must hold all that a program needs, so that the build machine's headers cannot matter.
set(KETONES_BPF_FLAGS -g -O2 -Wall -Wextra -Werror -target bpf -mcpu=v2 -D__TARGET_ARCH_${KETONES_ARCH} -nostdinc
	-I${PROJECT_SOURCE_DIR}/bpf -isystem ${KETONES_THIRD_PARTY}/include
	-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

set(bpf_dir ${PROJECT_BINARY_DIR}/bpf)
file(MAKE_DIRECTORY ${bpf_dir})
file(GLOB applets CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/applets/*.c)
# Only so that a BPF half that comes or goes is noticed.
file(GLOB programs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bpf/*.bpf.c)
list(SORT applets)
set(externs)
set(table)
set(assembly "\t.section .rodata\n\t.global kt_dictionary, kt_dictionary_end\n"
	"kt_dictionary:\n\t.incbin \"bpf/dictionary.z\"\nkt_dictionary_end:\n")
set(packed ${bpf_dir}/dictionary.z)
set(objects)
foreach(source ${applets})
	get_filename_component(name ${source} NAME_WE)
	set(program ${PROJECT_SOURCE_DIR}/bpf/${name}.bpf.c)
	string(APPEND externs "extern const struct kt_applet ${name}_applet;\n")
	if(NOT EXISTS ${program})
		string(APPEND table "\t{ \"${name}\", &${name}_applet, NULL, NULL },\n")
		continue()
	endif()
	add_custom_command(OUTPUT ${bpf_dir}/${name}.o
		COMMAND ${KETONES_CLANG} ${KETONES_BPF_FLAGS} -MD -MF ${bpf_dir}/${name}.d -MT bpf/${name}.o
			-c ${program} -o ${bpf_dir}/${name}.bpf.o
		COMMAND ${KETONES_BPFTOOL} gen object ${bpf_dir}/${name}.o ${bpf_dir}/${name}.bpf.o
		DEPENDS ${program} DEPFILE ${bpf_dir}/${name}.d VERBATIM COMMENT "BPF ${name}")
	string(APPEND externs "extern const unsigned char ${name}_object[], ${name}_object_end[];\n")
	string(APPEND table "\t{ \"${name}\", &${name}_applet, ${name}_object, ${name}_object_end },\n")
	string(APPEND assembly "\t.global ${name}_object, ${name}_object_end\n"
		"${name}_object:\n\t.incbin \"bpf/${name}.o.z\"\n${name}_object_end:\n")
	list(APPEND objects ${bpf_dir}/${name}.o)
	list(APPEND packed ${bpf_dir}/${name}.o.z)
endforeach()
# All in one go: starting Python costs more than packing one.
add_custom_command(OUTPUT ${packed} COMMAND ${KETONES_PYTHON} ${PROJECT_SOURCE_DIR}/cmake/pack.py ${bpf_dir}/dictionary.z ${objects}
	DEPENDS ${objects} ${PROJECT_SOURCE_DIR}/cmake/pack.py VERBATIM COMMENT "Packing the BPF objects")
set(generated ${PROJECT_BINARY_DIR}/generated)
file(CONFIGURE OUTPUT ${generated}/applets.inc @ONLY CONTENT
	"/* Generated: the applets, sorted by name. */\n${externs}\nstatic const struct kt_entry kt_entries[] = {\n${table}\t{ NULL, NULL, NULL, NULL },\n};\n")
file(CONFIGURE OUTPUT ${generated}/objects.S @ONLY CONTENT
	"/* Generated: the BPF objects, compressed. */\n${assembly}\t.section .note.GNU-stack,\"\",%progbits\n")
set_source_files_properties(${generated}/objects.S PROPERTIES
	OBJECT_DEPENDS "${packed}" COMPILE_OPTIONS "-Wa,-I${PROJECT_BINARY_DIR}")
set(KETONES_APPLET_SOURCES ${applets} ${generated}/objects.S)
