/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Folios of the page cache, and the pages that were in their place until 5.16. Needs BTF. */
#ifndef KT_FOLIO_BPF_H
#define KT_FOLIO_BPF_H
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct address_space {
	struct inode *host;
};

/* A page is laid out alike, as far as these go. */
struct folio {
	struct address_space *mapping;
	unsigned long index;
};

struct folio___64 {
	unsigned int _folio_nr_pages; /* until 6.15, 4996fc547f5b */
};

struct folio___new {
	unsigned int _nr_pages;
};

struct page {
	struct address_space *mapping;
	unsigned long index;
};

#pragma clang attribute pop

enum pageflags { PG_head };

/* How many pages it has. */
static __always_inline __u64 kt_folio_pages(void *folio)
{
	struct folio___64 *old = folio;
	struct folio___new *new = folio;
	unsigned long flags = 0;

	/* The flags come first, in a struct of their own since 6.18. Only what is large has a number of pages. */
	bpf_probe_read_kernel(&flags, sizeof(flags), folio);
	if (!(flags >> bpf_core_enum_value(enum pageflags, PG_head) & 1))
		return 1;
	if (bpf_core_field_exists(new->_nr_pages))
		return BPF_CORE_READ(new, _nr_pages);
	if (bpf_core_field_exists(old->_folio_nr_pages))
		return BPF_CORE_READ(old, _folio_nr_pages);
	return 1;
}

static __always_inline struct address_space *kt_folio_mapping(void *folio)
{
	struct folio *new = folio;
	struct page *old = folio;

	if (bpf_core_type_exists(struct folio))
		return BPF_CORE_READ(new, mapping);
	return BPF_CORE_READ(old, mapping);
}

static __always_inline __u64 kt_folio_index(void *folio)
{
	struct folio *new = folio;
	struct page *old = folio;

	if (bpf_core_type_exists(struct folio))
		return BPF_CORE_READ(new, index);
	return BPF_CORE_READ(old, index);
}

#endif
