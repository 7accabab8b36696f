# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# The static executable: position-independent, read-only after its start, checked copies and stacks; and small.
include(CheckCSourceCompiles)
include(CheckLinkerFlag)

# -O3, CMake's own, is a tenth larger and not faster.
string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")

# A compiler that is set to fortify already, by a distribution or by CFLAGS, must not be told another level.
set(CMAKE_REQUIRED_FLAGS "-O2")
check_c_source_compiles("#ifdef _FORTIFY_SOURCE\n#error\n#endif\nint main(void) { return 0; }" KETONES_MAY_FORTIFY)
unset(CMAKE_REQUIRED_FLAGS)
if(KETONES_MAY_FORTIFY)
	add_compile_options($<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
add_compile_options($<$<COMPILE_LANGUAGE:C>:-fPIE> $<$<COMPILE_LANGUAGE:C>:-fstack-protector-strong>
	-ffunction-sections -fdata-sections $<$<CONFIG:Release>:-fno-asynchronous-unwind-tables>)
add_link_options(-static-pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--gc-sections
	$<$<CONFIG:Release>:-s> $<$<CONFIG:Release>:-Wl,-T,${PROJECT_SOURCE_DIR}/cmake/no_unwind.ld>)

# The table of pointers that the start fills in, a bit for each instead of 24 bytes.
check_linker_flag(C "-Wl,-z,pack-relative-relocs,--fatal-warnings" KETONES_PACKS_RELOCATIONS)
if(KETONES_PACKS_RELOCATIONS)
	add_link_options(-Wl,-z,pack-relative-relocs)
endif()
