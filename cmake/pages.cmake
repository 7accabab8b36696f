# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# The pages of docs/ that the executable holds, compressed as one: that of ketones itself, the applets', and the way that each
# tool takes on each kernel. generated/pages.S embeds them.
need_program(KETONES_XZ xz-utils xz)

set(pages ${PROJECT_SOURCE_DIR}/docs/ketones.md ${PROJECT_SOURCE_DIR}/docs/ways.md)
foreach(source ${applets})
	get_filename_component(name ${source} NAME_WE)
	if(EXISTS ${PROJECT_SOURCE_DIR}/docs/applets/${name}.md)
		list(APPEND pages ${PROJECT_SOURCE_DIR}/docs/applets/${name}.md)
	endif()
endforeach()
add_custom_command(OUTPUT ${generated}/pages.xz
	COMMAND sh ${PROJECT_SOURCE_DIR}/cmake/pages.sh ${KETONES_XZ} ${generated}/pages.xz ${pages}
	DEPENDS ${PROJECT_SOURCE_DIR}/cmake/pages.sh ${pages} VERBATIM COMMENT "Pages")
file(CONFIGURE OUTPUT ${generated}/pages.S @ONLY CONTENT
	"/* Generated: the pages of docs/, compressed. */
	.section .rodata
	.global kt_pages, kt_pages_end
kt_pages:
	.incbin \"generated/pages.xz\"
kt_pages_end:
	.section .note.GNU-stack,\"\",%progbits
")
set_source_files_properties(${generated}/pages.S PROPERTIES
	OBJECT_DEPENDS ${generated}/pages.xz COMPILE_OPTIONS "-Wa,-I${PROJECT_BINARY_DIR}")
list(APPEND KETONES_APPLET_SOURCES ${generated}/pages.S)
