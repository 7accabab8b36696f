// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * flood KIND CALLS THREADS [DIRECTORY]: each thread makes CALLS calls of this kind, as fast as they come, by the name of
 * "producer", which it has for nothing else. Prints pid and events, the number of all; of naps how often the kernel counted that
 * the threads left their CPUs, of packets how many segments it counted that came back to who sent them. To execute it needs
 * DIRECTORY/producer, a link to itself; to read from a file DIRECTORY/data, from a disk DIRECTORY/disk, both of at least 16 MiB.
 */
#define _GNU_SOURCE
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "cause.h"

static long calls, events;
static int zero, data, disk;
static void (*make)(long thread, long i);

static void shm(long thread, long i)
{
	shmdt((void *)((thread * calls + i + 1) << 12 | 1));
}

static void open_file(long thread, long i)
{
	(void)thread;
	(void)i;
	close(open("/dev/null", O_RDONLY));
}

static void stat_file(long thread, long i)
{
	struct stat st;

	(void)thread;
	(void)i;
	if (stat("/dev/null", &st))
		err(1, "stat");
}

/* Itself, which then has nothing to do. */
static void execute(long thread, long i)
{
	int status = 1;
	pid_t pid = vfork();

	(void)thread;
	(void)i;
	if (!pid) {
		execl("./producer", "producer", (char *)NULL);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		errx(1, "cannot execute");
}

/* Processes that do one thing each. */
static void fork_reader(long thread, long i)
{
	char byte;
	pid_t pid = fork();

	(void)thread;
	(void)i;
	if (!pid)
		_exit(read(zero, &byte, 1) != 1);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		err(1, "fork");
}

#define PLACES 64
#define BACKLOG 1347	   /* nobody else's, */
#define ADDRESS 0x7f00002f /* 127.0.0.47, too */

static struct sockaddr_in places[PLACES];
static int servers[PLACES];

static void serve(long thread)
{
	struct sockaddr_in *place = &places[thread];
	socklen_t length = sizeof(*place);

	place->sin_family = AF_INET;
	place->sin_addr.s_addr = htonl(ADDRESS);
	servers[thread] = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(servers[thread], (struct sockaddr *)place, length) ||
	    listen(servers[thread], BACKLOG) ||
	    getsockname(servers[thread], (struct sockaddr *)place, &length))
		err(1, "listen");
}

/* Reset by both, so that no port is kept. */
static void connect_to(long thread, long i)
{
	const struct linger now = { .l_onoff = 1 };
	int one = socket(AF_INET, SOCK_STREAM, 0), other;

	(void)i;
	if (connect(one, (struct sockaddr *)&places[thread], sizeof(places[thread])))
		err(1, "connect");
	other = accept(servers[thread], NULL, NULL);
	setsockopt(one, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	setsockopt(other, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(one);
	close(other);
}

static void listen_at(long thread, long i)
{
	(void)i;
	if (listen(servers[thread], 8))
		err(1, "listen");
}

/* One that is ignored unless asked for. */
static void send_signal(long thread, long i)
{
	(void)thread;
	(void)i;
	kill(getpid(), SIGURG);
}

static void unmount(long thread, long i)
{
	(void)thread;
	(void)i;
	umount("/no/such/place");
}

static void sync_file(long thread, long i)
{
	(void)thread;
	(void)i;
	fdatasync(-1);
}

static void make_file(long thread, long i)
{
	char name[32];
	int fd;

	(void)i;
	snprintf(name, sizeof(name), "flood-%ld", thread);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || close(fd) || unlink(name))
		err(1, "cannot make a file");
}

static void read_byte(long thread, long i)
{
	char byte;

	(void)thread;
	(void)i;
	if (read(zero, &byte, 1) != 1)
		err(1, "read");
}

#define AREA (16 << 20)

static void read_file(long thread, long i)
{
	char byte;

	if (pread(data, &byte, 1, (i * PLACES + thread) % AREA) != 1)
		err(1, "read data");
}

/* Each page by itself: never next to one that is being read. */
static void read_disk(long thread, long i)
{
	static char pages[PLACES][4096] __attribute__((aligned(4096)));
	off_t at = (i * PLACES + thread) * 2 * 4096 % AREA;

	if (pread(disk, pages[thread], 4096, at) != 4096)
		err(1, "read disk");
}

static int senders[PLACES], receivers[PLACES];

static long segments(int socket)
{
	struct tcp_info info;
	socklen_t length = sizeof(info);

	if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length))
		err(1, "TCP_INFO");
	return info.tcpi_segs_in;
}

static void send_packet(long thread, long i)
{
	char byte = i;

	if (!senders[thread]) {
		senders[thread] = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(senders[thread], (struct sockaddr *)&places[thread],
			    sizeof(places[thread])))
			err(1, "connect");
		receivers[thread] = accept(servers[thread], NULL, NULL);
		__sync_fetch_and_add(&events, -segments(senders[thread]));
	}
	if (write(senders[thread], &byte, 1) != 1 || read(receivers[thread], &byte, 1) != 1)
		err(1, "packet");
}

/* A reset is the last segment that comes. */
static void count_segments(long thread)
{
	const struct linger now = { .l_onoff = 1 };
	char byte;

	setsockopt(receivers[thread], SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(receivers[thread]);
	if (read(senders[thread], &byte, 1) >= 0 || errno != ECONNRESET)
		err(1, "no reset");
	__sync_fetch_and_add(&events, segments(senders[thread]));
}

/* Of a size that nobody else asks for. */
static void leak(long thread, long i)
{
	(void)thread;
	(void)i;
	if (!malloc(77))
		errx(1, "memory");
}

static void nap(long thread, long i)
{
	(void)thread;
	(void)i;
	usleep(50);
}

static long turns(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_THREAD, &usage))
		err(1, "getrusage");
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

/* Nobody takes the CPU from who counts. The threads that this one makes are as it is. */
static void count_turns(void)
{
	const struct sched_param first = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &first))
		err(1, "sched_setscheduler");
	events -= turns();
}

__attribute__((noinline)) void flood_called(long thread, long i)
{
	__asm__ volatile("" : : "r"(thread), "r"(i) : "memory");
}

static pthread_barrier_t all_inside;

/* All threads are in it at one time. */
__attribute__((noinline)) void flood_waits(long thread, long i)
{
	(void)thread;
	(void)i;
	pthread_barrier_wait(&all_inside);
	__asm__ volatile("" : : : "memory");
}

static const struct {
	const char *name;
	void (*make)(long thread, long i);
} kinds[] = {
	{ "shm", shm },
	{ "open", open_file },
	{ "stat", stat_file },
	{ "exec", execute },
	{ "connect", connect_to },
	{ "listen", listen_at },
	{ "signal", send_signal },
	{ "unmount", unmount },
	{ "sync", sync_file },
	{ "file", make_file },
	{ "read", read_byte },
	{ "call", flood_called },
	{ "nap", nap },
	{ "wait", flood_waits },
	{ "fork", fork_reader },
	{ "fread", read_file },
	{ "disk", read_disk },
	{ "packet", send_packet },
	{ "leak", leak },
};

static void *produce(void *arg)
{
	for (long i = 0; i < calls; i++)
		make((long)arg, i);
	if (make == send_packet)
		count_segments((long)arg);
	else
		__sync_fetch_and_add(&events, make == nap ? turns() : calls);
	/* The thread that ends last signals the end of all. */
	prctl(PR_SET_NAME, "flood");
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t *threads;
	pthread_attr_t small;
	long n;
	int at;

	if (argc == 1)
		return 0;
	at = cause_begin(argc, argv);
	if (argc - at < 3)
		errx(2, "KIND CALLS THREADS [DIRECTORY]");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, argv[at]))
			make = kinds[i].make;
	calls = atol(argv[at + 1]);
	n = atol(argv[at + 2]);
	threads = calloc(n > 0 ? n : 1, sizeof(*threads));
	if (!make || n < 1 || !threads)
		errx(2, "KIND CALLS THREADS [DIRECTORY]");
	if (argc - at > 3 && chdir(argv[at + 3]))
		err(1, "'%s'", argv[at + 3]);
	zero = open("/dev/zero", O_RDONLY);
	data = open("data", O_RDONLY);
	disk = open("disk", O_RDONLY | O_DIRECT);
	pthread_barrier_init(&all_inside, NULL, n);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (long i = 0; i < n && i < PLACES; i++)
		serve(i);
	if (make == nap)
		count_turns();
	prctl(PR_SET_NAME, "producer");
	for (long i = 1; i < n; i++)
		if (pthread_create(&threads[i], &small, produce, (void *)i))
			errx(1, "pthread_create");
	produce((void *)0);
	for (long i = 1; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("pid=%d events=%ld\n", getpid(), events);
	return 0;
}
