// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* A report: the entries of the applet's map become rows, and a hash's entries are removed. */
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "core/kt.h"
#include "core/tick.h"

struct kt_tick {
	int fd;
	bool array;
	uint32_t entries;
	size_t cpus;		     /* 1 where the map is not per CPU */
	size_t key_size, value_size; /* of one CPU's value */
	char *keys, *values;	     /* room for all entries */
	bool *most;		     /* of which words of a value the largest counts */
	uint64_t *before;	     /* an array: what it held at the last tick */
	void *row;
};

static bool is_array(enum bpf_map_type type)
{
	return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

static bool is_percpu(enum bpf_map_type type)
{
	return type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}

/* Where columns want the largest of all CPUs' values. */
static void find_most(struct kt_tick *tick, const struct kt_applet *applet)
{
	const struct kt_column *c = applet->columns;

	for (; c->key; c++)
		if ((c->flags & KT_MOST) && c->offset >= applet->map.value &&
		    c->offset - applet->map.value < tick->value_size)
			tick->most[(c->offset - applet->map.value) / sizeof(uint64_t)] = true;
}

int kt_tick_open(struct kt_tick **out, struct kt *kt)
{
	struct bpf_map *map =
		kt->applet->map.name
			? bpf_object__find_map_by_name(kt->object, kt->applet->map.name)
			: NULL;
	struct kt_tick *tick;

	*out = NULL;
	if (!kt->applet->map.name)
		return 0;
	if (!map)
		return kt_error("BUG: the BPF object has no map '%s'", kt->applet->map.name);
	tick = calloc(1, sizeof(*tick));
	if (!tick)
		return kt_fail(ENOMEM, "reports");
	tick->fd = bpf_map__fd(map);
	tick->array = is_array(bpf_map__type(map));
	tick->entries = bpf_map__max_entries(map);
	tick->cpus = is_percpu(bpf_map__type(map)) ? libbpf_num_possible_cpus() : 1;
	tick->key_size = bpf_map__key_size(map);
	/* The kernel hands out per-CPU values at multiples of 8 bytes. */
	tick->value_size = tick->cpus > 1 || is_percpu(bpf_map__type(map))
				   ? (bpf_map__value_size(map) + 7) & ~7ul
				   : bpf_map__value_size(map);
	tick->keys = calloc(tick->entries, tick->key_size);
	tick->values = malloc(tick->cpus * tick->value_size);
	tick->most = calloc(tick->value_size / sizeof(uint64_t) + 1, sizeof(*tick->most));
	tick->row = calloc(1, kt->applet->row_size);
	if (tick->array)
		tick->before = calloc(tick->entries, tick->value_size);
	*out = tick;
	if (!tick->keys || !tick->values || !tick->row || !tick->most ||
	    (tick->array && !tick->before)) {
		kt_tick_close(tick);
		*out = NULL;
		return kt_fail(ENOMEM, "reports");
	}
	find_most(tick, kt->applet);
	return 0;
}

static void hand_over(struct kt_tick *tick, struct kt *kt, const void *key, const void *value)
{
	const struct kt_map *map = &kt->applet->map;
	size_t room = kt->applet->row_size - map->value;

	memset(tick->row, 0, kt->applet->row_size);
	if (map->key != KT_NO_KEY)
		memcpy((char *)tick->row + map->key, key, tick->key_size);
	memcpy((char *)tick->row + map->value, value,
	       tick->value_size < room ? tick->value_size : room);
	if (kt->applet->event)
		kt->applet->event(kt, tick->row);
	else
		kt_row(kt, tick->row);
}

/* Adds all CPUs' values into the first, word by word. */
static void add_up(struct kt_tick *tick)
{
	uint64_t *sum = (uint64_t *)tick->values;
	size_t words = tick->value_size / sizeof(*sum);

	for (size_t cpu = 1; cpu < tick->cpus; cpu++)
		for (size_t i = 0; i < words; i++) {
			uint64_t value = sum[cpu * words + i];

			if (!tick->most[i])
				sum[i] += value;
			else if (sum[i] < value)
				sum[i] = value;
		}
}

static void subtract_before(struct kt_tick *tick, uint32_t index)
{
	uint64_t *now = (uint64_t *)tick->values, *before, value;
	size_t words = tick->value_size / sizeof(*now);

	before = tick->before + index * words;
	for (size_t i = 0; i < words; i++) {
		value = now[i];
		now[i] -= before[i];
		before[i] = value;
	}
}

static int read_array(struct kt_tick *tick, struct kt *kt)
{
	for (uint32_t i = 0; i < tick->entries; i++) {
		if (bpf_map_lookup_elem(tick->fd, &i, tick->values))
			return -errno;
		add_up(tick);
		subtract_before(tick, i);
		hand_over(tick, kt, &i, tick->values);
	}
	return 0;
}

/* Up to room keys of a hash, one behind the other; how many, or -errno. */
static int64_t list_keys(int fd, char *keys, size_t size, uint32_t room)
{
	const void *last = NULL;
	uint32_t n = 0;

	while (n < room && !bpf_map_get_next_key(fd, last, keys + n * size))
		last = keys + n++ * size;
	return n < room && errno != ENOENT ? -(int64_t)errno : (int64_t)n;
}

/* Keys first, since removing an entry while walking a hash may lead back to its start. */
static int read_hash(struct kt_tick *tick, struct kt *kt)
{
	int64_t n = list_keys(tick->fd, tick->keys, tick->key_size, tick->entries);
	int err;

	if (n < 0)
		return n;
	for (uint32_t i = 0; i < n; i++) {
		const char *key = tick->keys + i * tick->key_size;

		if (kt->keep) {
			if (!bpf_map_lookup_elem(tick->fd, key, tick->values)) {
				add_up(tick);
				hand_over(tick, kt, key, tick->values);
			}
			continue;
		}
		/* For hashes since 5.14 (3e87f192b405); before it a count between the two calls is lost. */
		err = bpf_map_lookup_and_delete_elem(tick->fd, key, tick->values) ? -errno : 0;
		if (err && err != -ENOENT) {
			err = bpf_map_lookup_elem(tick->fd, key, tick->values) ? -errno : 0;
			bpf_map_delete_elem(tick->fd, key);
		}
		if (err)
			continue;
		add_up(tick);
		hand_over(tick, kt, key, tick->values);
	}
	return 0;
}

int kt_tick_read(struct kt_tick *tick, struct kt *kt)
{
	return tick->array ? read_array(tick, kt) : read_hash(tick, kt);
}

#define BATCH 16384

/* A hash under reading, with room for its entries or some of them. */
struct reading {
	int fd;
	uint32_t room;
	size_t key_size, value_size;
	char *keys, *values;
	int (*fn)(void *arg, const void *key, const void *value);
	void *arg;
};

/*
 * For hashes since 5.6 (057996380a42); -EOPNOTSUPP: not here. Who walks by keys starts over where the one that he stands on
 * is removed.
 */
static int read_batches(const struct reading *r)
{
	int err = 0, end = 0;
	uint32_t token, n;

	for (bool first = true; !err && !end; first = false) {
		n = r->room;
		end = bpf_map_lookup_batch(r->fd, first ? NULL : &token, &token, r->keys, r->values,
					   &n, NULL);
		if (end && end != -ENOENT)
			return first && end == -EINVAL ? -EOPNOTSUPP : end;
		for (uint32_t i = 0; !err && i < n; i++)
			err = r->fn(r->arg, r->keys + i * r->key_size,
				    r->values + i * r->value_size);
	}
	return err;
}

static int read_singly(const struct reading *r)
{
	int64_t n = list_keys(r->fd, r->keys, r->key_size, r->room);
	int err = n < 0 ? n : 0;

	for (int64_t i = 0; !err && i < n; i++)
		if (!bpf_map_lookup_elem(r->fd, r->keys + i * r->key_size, r->values))
			err = r->fn(r->arg, r->keys + i * r->key_size, r->values);
	return err;
}

static int read_with(int (*read)(const struct reading *), struct reading r)
{
	int err = -ENOMEM;

	r.keys = malloc(r.room * r.key_size);
	r.values = malloc(r.room * r.value_size);
	if (r.keys && r.values)
		err = read(&r);
	free(r.keys);
	free(r.values);
	return err;
}

int kt_each_entry(struct kt *kt, const char *name,
		  int (*fn)(void *arg, const void *key, const void *value), void *arg)
{
	struct bpf_map *map = bpf_object__find_map_by_name(kt->object, name);
	struct reading r = { .room = BATCH, .fn = fn, .arg = arg };
	int err;

	if (!map)
		return kt_error("BUG: the BPF object has no map '%s'", name);
	r.fd = bpf_map__fd(map);
	r.key_size = bpf_map__key_size(map);
	r.value_size = bpf_map__value_size(map);
	err = read_with(read_batches, r);
	if (err != -EOPNOTSUPP)
		return err;
	r.room = bpf_map__max_entries(map);
	return read_with(read_singly, r);
}

void kt_tick_close(struct kt_tick *tick)
{
	if (!tick)
		return;
	free(tick->keys);
	free(tick->values);
	free(tick->most);
	free(tick->before);
	free(tick->row);
	free(tick);
}
