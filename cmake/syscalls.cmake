# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# generated/syscalls.inc: one SYSCALL(name) for each syscall of the target, as its compiler finds them in asm/unistd.h.

execute_process(COMMAND ${CMAKE_C_COMPILER} -E -dM -include asm/unistd.h -x c /dev/null
	OUTPUT_VARIABLE macros RESULT_VARIABLE result)
string(REGEX MATCHALL "#define __NR_[a-z_][a-z0-9_]* " macros "${macros}")
list(SORT macros)
set(calls)
foreach(macro ${macros})
	string(REGEX REPLACE "#define __NR_(.*) " "\\1" name "${macro}")
	if(NOT name MATCHES "^(syscalls|arch_specific_syscall)$")
		string(APPEND calls "SYSCALL(${name})\n")
	endif()
endforeach()
if(result OR NOT calls)
	message(FATAL_ERROR "'asm/unistd.h' of the kernel's headers is missing: apt-get install linux-libc-dev")
endif()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/syscalls.inc @ONLY CONTENT
	"/* Generated: the syscalls of asm/unistd.h. */\n${calls}")
