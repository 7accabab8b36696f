/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The filters by IP version and ports, for the options KT_IP_VERSIONS and KT_PORTS. Needs BTF. */
#ifndef KT_SOCKFILTER_BPF_H
#define KT_SOCKFILTER_BPF_H
#include "sock.bpf.h"

const volatile __u32 ip_wanted = 0;		      /* 4 or 6; 0: both */
const volatile __u16 local_port = 0, remote_port = 0; /* 0: any */

/* ip: as kt_addresses() gives it. */
static __always_inline bool kt_ip_wanted(__u32 ip)
{
	return ip && (!ip_wanted || ip == ip_wanted);
}

static __always_inline bool kt_ports_wanted(struct sock *sk)
{
	if (local_port && kt_local_port(sk) != local_port)
		return false;
	return !remote_port || kt_remote_port(sk) == remote_port;
}

#endif
