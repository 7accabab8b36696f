# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# The archive of types for kernels that have none themselves: of each RELEASE.btf in KETONES_BTF_DIR what the BPF objects
# need, some kilobytes. Files for another architecture are left out. Made here: generated/btf.inc, the table that
# core/archive.c includes, and generated/btf.S, which embeds the types.

set(KETONES_BTF_DIR "" CACHE PATH "Types of kernels without BTF to build in: full RELEASE.btf, .btf.gz, .btf.xz or .btf.tar.xz")

# Says in RESULT whether the types in FILE are of the target's architecture, by a register that only it has.
function(btf_fits result file)
	string(REPLACE "x86" "orig_ax" register ${KETONES_ARCH})
	string(REPLACE "arm64" "syscallno" register ${register})
	set(unpack cat)
	if(file MATCHES "\\.xz$")
		set(unpack xz -dc)
	elseif(file MATCHES "\\.gz$")
		set(unpack gzip -dc)
	endif()
	execute_process(COMMAND ${unpack} ${file} COMMAND grep -qa ${register} RESULT_VARIABLE missing)
	if(missing)
		set(${result} FALSE PARENT_SCOPE)
	else()
		set(${result} TRUE PARENT_SCOPE)
	endif()
endfunction()

set(table)
set(externs)
set(assembly "\t.section .rodata\n")
set(minimised)
set(number 0)
if(KETONES_BTF_DIR)
	need_program(KETONES_GZIP gzip gzip)
	file(GLOB full CONFIGURE_DEPENDS ${KETONES_BTF_DIR}/*.btf ${KETONES_BTF_DIR}/*.btf.gz ${KETONES_BTF_DIR}/*.btf.xz
		${KETONES_BTF_DIR}/*.btf.tar.gz ${KETONES_BTF_DIR}/*.btf.tar.xz)
	if(NOT full)
		message(FATAL_ERROR "KETONES_BTF_DIR: no types in '${KETONES_BTF_DIR}'")
	endif()
	file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/btf)
	foreach(file ${full})
		btf_fits(fits ${file})
		if(NOT fits)
			continue()
		endif()
		get_filename_component(release ${file} NAME)
		string(REGEX REPLACE "\\.btf(\\.tar)?(\\.[gx]z)?$" "" release ${release})
		set(out ${PROJECT_BINARY_DIR}/btf/${release}.gz)
		add_custom_command(OUTPUT ${out}
			COMMAND ${PROJECT_SOURCE_DIR}/cmake/min_btf.sh ${KETONES_BPFTOOL} ${file} ${out} ${objects}
			DEPENDS ${file} ${objects} ${PROJECT_SOURCE_DIR}/cmake/min_btf.sh VERBATIM COMMENT "Types of ${release}")
		string(APPEND externs "extern const unsigned char btf_${number}[], btf_${number}_end[];\n")
		string(APPEND table "\t{ \"${release}\", btf_${number}, btf_${number}_end },\n")
		string(APPEND assembly "\t.global btf_${number}, btf_${number}_end\n"
			"btf_${number}:\n\t.incbin \"btf/${release}.gz\"\nbtf_${number}_end:\n")
		list(APPEND minimised ${out})
		math(EXPR number "${number} + 1")
	endforeach()
	message(STATUS "Types of ${number} kernels are built in")
endif()
file(CONFIGURE OUTPUT ${generated}/btf.inc @ONLY CONTENT
	"/* Generated: kernels whose types are built in. */\n${externs}\nstatic const struct kt_archived kt_archive[] = {\n${table}\t{ NULL, NULL, NULL },\n};\n")
file(CONFIGURE OUTPUT ${generated}/btf.S @ONLY CONTENT
	"/* Generated: types of kernels, compressed. */\n${assembly}\t.section .note.GNU-stack,\"\",%progbits\n")
set_source_files_properties(${generated}/btf.S PROPERTIES
	OBJECT_DEPENDS "${minimised}" COMPILE_OPTIONS "-Wa,-I${PROJECT_BINARY_DIR}")
list(APPEND KETONES_APPLET_SOURCES ${generated}/btf.S)
