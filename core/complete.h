/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Completion of what is typed in a shell. All return an exit code. */
#ifndef KT_COMPLETE_H
#define KT_COMPLETE_H

/* completion bash|zsh|fish [NAME...]: prints a script for that shell, for ketones and for links of these names. */
int kt_complete_script(int argc, char **argv);

/*
 * __complete COMMAND WORD...: what the last word may become, a line each: the word, a tab, what it is. ":files", ":dirs" and
 * ":commands" leave it to the shell.
 */
int kt_complete(int argc, char **argv);

#endif
