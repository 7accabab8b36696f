/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What core tells every BPF object before it is loaded: the common filters, whose pids are meant, which buffer. */
#ifndef KT_FILTER_H
#define KT_FILTER_H

/* The common filters that an applet takes (.common), and those in force (kt_filter.on). */
enum {
	KT_BY_PID = 1 << 0,
	KT_BY_TID = 1 << 1,
	KT_BY_UID = 1 << 2,
	KT_BY_COMM = 1 << 3,
	KT_BY_CGROUP = 1 << 4,
	KT_TASK = KT_BY_PID | KT_BY_TID | KT_BY_UID | KT_BY_COMM | KT_BY_CGROUP,
};

#define KT_IDS 64 /* pids or tids in one filter */

struct kt_filter {
	__u64 comm[2],
		comm_mask[2]; /* a part of the command name, little endian; mask: 0xff for each byte of it */
	__u64 namespace_dev, namespace_ino; /* our PID namespace; 0: the first one */
	__u64 cgroup;			    /* id of the one to filter by */
	__u32 on;			    /* the filters in force: KT_BY_PID | ... */
	__u32 uid;
	__u32 comm_last; /* the last place in a command name where the part may start */
	__u32 unused;
	__u32 pids[KT_IDS], tids[KT_IDS]; /* ended by 0 where not full */
};

#endif
