/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel's types, as far as the programs of two or more applets read them; CO-RE finds the members. Never take the
 * size of such a struct, index or embed one: it is a part only. What one applet alone reads stands in its own .bpf.c.
 */
#ifndef KT_KERNEL_H
#define KT_KERNEL_H

/* Tells <bpf/bpf_tracing.h> that pt_regs has the kernel's member names. */
#define __VMLINUX_H__

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;
enum { false, true };

#define NULL ((void *)0)
#define E2BIG 7 /* a map is full */

/* UAPI of BPF: fixed numbers. */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PROG_ARRAY = 3,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_STACK_TRACE = 7,
	BPF_MAP_TYPE_CGROUP_ARRAY = 8,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum { BPF_ANY, BPF_NOEXIST, BPF_EXIST };
enum { BPF_F_NO_PREALLOC = 1 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
enum { BPF_RB_AVAIL_DATA = 0 };
enum { BPF_F_USER_STACK = 1 << 8 };
#define BPF_F_CURRENT_CPU 0xffffffffULL

struct bpf_pidns_info {
	__u32 pid, tgid;
};

/*
 * What a syscall tracepoint hands over. The kernel builds it for BPF by itself (perf_call_bpf_enter()), with the arguments
 * at byte 16 on every release and configuration, so this needs no BTF. A program must not read past the arguments that its
 * syscall has: the kernel would refuse to attach it (EACCES).
 */
struct kt_sys_enter {
	__u64 unused[2];
	__u64 args[6];
};

struct kt_sys_exit {
	__u64 unused[2];
	__s64 ret;
};

/* Registers lie where they always lay, so programs on kprobes and uprobes need no BTF for them. */
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip,
		cs, flags, sp, ss;
};
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31], sp, pc, pstate;
};
struct pt_regs {
	struct user_pt_regs user_regs;
	__u64 orig_x0;
};
#endif

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct gendisk {
	int major, first_minor;
};

struct request_queue {
	struct gendisk *disk; /* since 5.15 */
};

struct request {
	struct request_queue *q;
	struct bio *bio;
	__u64 __sector;
	__u32 __data_len, cmd_flags;
};

struct qstr {
	const unsigned char *name;
};

struct super_block {
	__u32 s_dev;
};

struct inode {
	__u16 i_mode;
	unsigned long i_ino;
	struct super_block *i_sb;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	__u32 f_mode;
	struct path f_path;
	struct inode *f_inode;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct ns_common {
	unsigned int inum;
};

struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct cgroup_subsys_state {
	struct cgroup_subsys_state *parent;
};

struct kernfs_node {
	__u64 id;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct cred {
	struct {
		__u32 val;
	} uid;
};

struct task_struct {
	unsigned int flags;
	int exit_state;
	int pid, tgid;
	char comm[16];
	struct task_struct *real_parent, *group_leader;
	struct pid *thread_pid;
	struct fs_struct *fs;
	struct files_struct *files;
	struct css_set *cgroups;
	struct cred *cred;
};

struct net {
	struct ns_common ns;
};

struct in6_addr {
	__u32 words[4];
};

struct sock_common {
	__u16 skc_family, skc_num;
	__be16 skc_dport;
	unsigned char skc_state;
	__be32 skc_daddr, skc_rcv_saddr;
	struct {
		struct net *net;
	} skc_net;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol; /* bits before 5.6, bf9765145b85 */
	int sk_err;
	__u32 sk_ack_backlog, sk_max_ack_backlog; /* 16 bits before 5.4 */
};

struct inet_sock {
	__be16 inet_sport;
};

struct tcp_sock {
	__u32 srtt_us, rcv_nxt, copied_seq; /* srtt_us: eight times that */
	bool is_mptcp;
};

struct socket {
	struct sock *sk;
};

#pragma clang attribute pop
#endif
