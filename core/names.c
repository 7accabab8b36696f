// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Names of errors, signals, syscalls, address families and capabilities. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <asm/unistd.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include "core/applet.h"
#include "core/names.h"

#define SIZE(array) (int)(sizeof(array) / sizeof(*(array)))
#define NAME(constant) [constant] = #constant

static const char *name_of(const char *const names[], long n, long number)
{
	return number >= 0 && number < n ? names[number] : NULL;
}

/* The kernel has some that it keeps to itself, from 512 on: tracers see them. */
static const char *const errors[] = {
	NAME(EPERM),
	NAME(ENOENT),
	NAME(ESRCH),
	NAME(EINTR),
	NAME(EIO),
	NAME(ENXIO),
	NAME(E2BIG),
	NAME(ENOEXEC),
	NAME(EBADF),
	NAME(ECHILD),
	NAME(EAGAIN),
	NAME(ENOMEM),
	NAME(EACCES),
	NAME(EFAULT),
	NAME(ENOTBLK),
	NAME(EBUSY),
	NAME(EEXIST),
	NAME(EXDEV),
	NAME(ENODEV),
	NAME(ENOTDIR),
	NAME(EISDIR),
	NAME(EINVAL),
	NAME(ENFILE),
	NAME(EMFILE),
	NAME(ENOTTY),
	NAME(ETXTBSY),
	NAME(EFBIG),
	NAME(ENOSPC),
	NAME(ESPIPE),
	NAME(EROFS),
	NAME(EMLINK),
	NAME(EPIPE),
	NAME(EDOM),
	NAME(ERANGE),
	NAME(EDEADLK),
	NAME(ENAMETOOLONG),
	NAME(ENOLCK),
	NAME(ENOSYS),
	NAME(ENOTEMPTY),
	NAME(ELOOP),
	NAME(ENOMSG),
	NAME(EIDRM),
	NAME(ECHRNG),
	NAME(EL2NSYNC),
	NAME(EL3HLT),
	NAME(EL3RST),
	NAME(ELNRNG),
	NAME(EUNATCH),
	NAME(ENOCSI),
	NAME(EL2HLT),
	NAME(EBADE),
	NAME(EBADR),
	NAME(EXFULL),
	NAME(ENOANO),
	NAME(EBADRQC),
	NAME(EBADSLT),
	NAME(EBFONT),
	NAME(ENOSTR),
	NAME(ENODATA),
	NAME(ETIME),
	NAME(ENOSR),
	NAME(ENONET),
	NAME(ENOPKG),
	NAME(EREMOTE),
	NAME(ENOLINK),
	NAME(EADV),
	NAME(ESRMNT),
	NAME(ECOMM),
	NAME(EPROTO),
	NAME(EMULTIHOP),
	NAME(EDOTDOT),
	NAME(EBADMSG),
	NAME(EOVERFLOW),
	NAME(ENOTUNIQ),
	NAME(EBADFD),
	NAME(EREMCHG),
	NAME(ELIBACC),
	NAME(ELIBBAD),
	NAME(ELIBSCN),
	NAME(ELIBMAX),
	NAME(ELIBEXEC),
	NAME(EILSEQ),
	NAME(ERESTART),
	NAME(ESTRPIPE),
	NAME(EUSERS),
	NAME(ENOTSOCK),
	NAME(EDESTADDRREQ),
	NAME(EMSGSIZE),
	NAME(EPROTOTYPE),
	NAME(ENOPROTOOPT),
	NAME(EPROTONOSUPPORT),
	NAME(ESOCKTNOSUPPORT),
	NAME(EOPNOTSUPP),
	NAME(EPFNOSUPPORT),
	NAME(EAFNOSUPPORT),
	NAME(EADDRINUSE),
	NAME(EADDRNOTAVAIL),
	NAME(ENETDOWN),
	NAME(ENETUNREACH),
	NAME(ENETRESET),
	NAME(ECONNABORTED),
	NAME(ECONNRESET),
	NAME(ENOBUFS),
	NAME(EISCONN),
	NAME(ENOTCONN),
	NAME(ESHUTDOWN),
	NAME(ETOOMANYREFS),
	NAME(ETIMEDOUT),
	NAME(ECONNREFUSED),
	NAME(EHOSTDOWN),
	NAME(EHOSTUNREACH),
	NAME(EALREADY),
	NAME(EINPROGRESS),
	NAME(ESTALE),
	NAME(EUCLEAN),
	NAME(ENOTNAM),
	NAME(ENAVAIL),
	NAME(EISNAM),
	NAME(EREMOTEIO),
	NAME(EDQUOT),
	NAME(ENOMEDIUM),
	NAME(EMEDIUMTYPE),
	NAME(ECANCELED),
	NAME(ENOKEY),
	NAME(EKEYEXPIRED),
	NAME(EKEYREVOKED),
	NAME(EKEYREJECTED),
	NAME(EOWNERDEAD),
	NAME(ENOTRECOVERABLE),
	NAME(ERFKILL),
	NAME(EHWPOISON),
	[512] = "ERESTARTSYS",
	"ERESTARTNOINTR",
	"ERESTARTNOHAND",
	"ENOIOCTLCMD",
	"ERESTART_RESTARTBLOCK",
	"EPROBE_DEFER",
	"EOPENSTALE",
	"ENOPARAM",
	[521] = "EBADHANDLE",
	"ENOTSYNC",
	"EBADCOOKIE",
	"ENOTSUPP",
	"ETOOSMALL",
	"ESERVERFAULT",
	"EBADTYPE",
	"EJUKEBOX",
	"EIOCBQUEUED",
	"ERECALLCONFLICT",
	"ENOGRACE",
};

static const char *const signals[] = {
	NAME(SIGHUP),	 NAME(SIGINT),	NAME(SIGQUIT),	NAME(SIGILL),  NAME(SIGTRAP),
	NAME(SIGABRT),	 NAME(SIGBUS),	NAME(SIGFPE),	NAME(SIGKILL), NAME(SIGUSR1),
	NAME(SIGSEGV),	 NAME(SIGUSR2), NAME(SIGPIPE),	NAME(SIGALRM), NAME(SIGTERM),
	NAME(SIGSTKFLT), NAME(SIGCHLD), NAME(SIGCONT),	NAME(SIGSTOP), NAME(SIGTSTP),
	NAME(SIGTTIN),	 NAME(SIGTTOU), NAME(SIGURG),	NAME(SIGXCPU), NAME(SIGXFSZ),
	NAME(SIGVTALRM), NAME(SIGPROF), NAME(SIGWINCH), NAME(SIGIO),   NAME(SIGPWR),
	NAME(SIGSYS),
};

static const char *const families[] = {
	NAME(AF_UNSPEC),     NAME(AF_UNIX),	 NAME(AF_INET),	    NAME(AF_AX25),
	NAME(AF_IPX),	     NAME(AF_APPLETALK), NAME(AF_NETROM),   NAME(AF_BRIDGE),
	NAME(AF_ATMPVC),     NAME(AF_X25),	 NAME(AF_INET6),    NAME(AF_ROSE),
	NAME(AF_DECnet),     NAME(AF_NETBEUI),	 NAME(AF_SECURITY), NAME(AF_KEY),
	NAME(AF_NETLINK),    NAME(AF_PACKET),	 NAME(AF_ASH),	    NAME(AF_ECONET),
	NAME(AF_ATMSVC),     NAME(AF_RDS),	 NAME(AF_SNA),	    NAME(AF_IRDA),
	NAME(AF_PPPOX),	     NAME(AF_WANPIPE),	 NAME(AF_LLC),	    NAME(AF_IB),
	NAME(AF_MPLS),	     NAME(AF_CAN),	 NAME(AF_TIPC),	    NAME(AF_BLUETOOTH),
	NAME(AF_IUCV),	     NAME(AF_RXRPC),	 NAME(AF_ISDN),	    NAME(AF_PHONET),
	NAME(AF_IEEE802154), NAME(AF_CAIF),	 NAME(AF_ALG),	    NAME(AF_NFC),
	NAME(AF_VSOCK),	     NAME(AF_KCM),	 NAME(AF_QIPCRTR),  NAME(AF_SMC),
	NAME(AF_XDP),	     NAME(AF_MCTP),
};

static const char *const capabilities[] = {
	NAME(CAP_CHOWN),
	NAME(CAP_DAC_OVERRIDE),
	NAME(CAP_DAC_READ_SEARCH),
	NAME(CAP_FOWNER),
	NAME(CAP_FSETID),
	NAME(CAP_KILL),
	NAME(CAP_SETGID),
	NAME(CAP_SETUID),
	NAME(CAP_SETPCAP),
	NAME(CAP_LINUX_IMMUTABLE),
	NAME(CAP_NET_BIND_SERVICE),
	NAME(CAP_NET_BROADCAST),
	NAME(CAP_NET_ADMIN),
	NAME(CAP_NET_RAW),
	NAME(CAP_IPC_LOCK),
	NAME(CAP_IPC_OWNER),
	NAME(CAP_SYS_MODULE),
	NAME(CAP_SYS_RAWIO),
	NAME(CAP_SYS_CHROOT),
	NAME(CAP_SYS_PTRACE),
	NAME(CAP_SYS_PACCT),
	NAME(CAP_SYS_ADMIN),
	NAME(CAP_SYS_BOOT),
	NAME(CAP_SYS_NICE),
	NAME(CAP_SYS_RESOURCE),
	NAME(CAP_SYS_TIME),
	NAME(CAP_SYS_TTY_CONFIG),
	NAME(CAP_MKNOD),
	NAME(CAP_LEASE),
	NAME(CAP_AUDIT_WRITE),
	NAME(CAP_AUDIT_CONTROL),
	NAME(CAP_SETFCAP),
	NAME(CAP_MAC_OVERRIDE),
	NAME(CAP_MAC_ADMIN),
	NAME(CAP_SYSLOG),
	NAME(CAP_WAKE_ALARM),
	NAME(CAP_BLOCK_SUSPEND),
	NAME(CAP_AUDIT_READ),
	NAME(CAP_PERFMON),
	NAME(CAP_BPF),
	NAME(CAP_CHECKPOINT_RESTORE),
};

/*
 * From asm/unistd.h, by cmake/syscalls.cmake. What came later has one number on all architectures.
 */
static const char *const syscalls[] = {
#define SYSCALL(name) [__NR_##name] = #name,
#include "syscalls.inc"
#undef SYSCALL
#ifndef __NR_cachestat
	[451] = "cachestat",
	"fchmodat2",
	"map_shadow_stack",
	"futex_wake",
	"futex_wait",
	"futex_requeue",
#endif
#ifndef __NR_statmount
	[457] = "statmount",
	"listmount",
	"lsm_get_self_attr",
	"lsm_set_self_attr",
	"lsm_list_modules",
#endif
#ifndef __NR_mseal
	[462] = "mseal",
#endif
#ifndef __NR_setxattrat
	[463] = "setxattrat",
	"getxattrat",
	"listxattrat",
	"removexattrat",
#endif
#ifndef __NR_open_tree_attr
	[467] = "open_tree_attr",
#endif
#ifndef __NR_file_getattr
	[468] = "file_getattr",
	"file_setattr",
#endif
#ifndef __NR_listns
	[470] = "listns",
#endif
#ifndef __NR_rseq_slice_yield
	[471] = "rseq_slice_yield",
#endif
#ifndef __NR_fchroot
	[472] = "fchroot",
#endif
};

const char *kt_errno_name(int number)
{
	return number > 0 ? name_of(errors, SIZE(errors), number) : NULL;
}

/*
 * SIGRTMIN is what userland calls so, kill(1) and systemd: the C library keeps the kernel's first
 * two for itself.
 */
const char *kt_signal_name(int number)
{
	enum { FIRST = 34 };
	static char text[16];

	if (number < 32 || number > 64)
		return name_of(signals, SIZE(signals), number);
	if (number < FIRST)
		snprintf(text, sizeof(text), "SIG%d", number);
	else if (number == FIRST)
		return "SIGRTMIN";
	else
		snprintf(text, sizeof(text), "SIGRTMIN+%d", number - FIRST);
	return text;
}

const char *kt_syscall_name(long number)
{
	return name_of(syscalls, SIZE(syscalls), number);
}

long kt_syscall_number(const char *name)
{
	for (int i = 0; i < SIZE(syscalls); i++) {
		if (syscalls[i] && !strcmp(syscalls[i], name))
			return i;
	}
	return -1;
}

bool kt_has_syscall(const char *name)
{
	return kt_syscall_number(name) >= 0;
}

const char *kt_family_name(int number)
{
	return name_of(families, SIZE(families), number);
}

const char *kt_capability_name(int number)
{
	return name_of(capabilities, SIZE(capabilities), number);
}
