/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The script inside flame graphs. */
	.section .rodata
	.global kt_flame_script, kt_flame_script_end
kt_flame_script:
	.incbin "core/flame.js"
kt_flame_script_end:
	.section .note.GNU-stack,"",%progbits
