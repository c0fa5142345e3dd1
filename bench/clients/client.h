/* What both clients need: many connections, a deadline for every phase, one line on failure. */
#pragma once
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_CONNECTIONS = 100000,
    PROBE_BYTES = 64,
    SPARE_DESCRIPTORS = 16, /* stdin, stdout, stderr, epoll and what libc opens */
    PHASE_LIMIT_S = 60,     /* connecting, or waiting for the caller */
    /* A listen backlog may be as short as 511: an unpaced storm overflows it, and each dropped SYN
     * costs a second. 64 every 5 ms stays below the accept rate of every server here. */
    CONNECT_BATCH = 64,
    CONNECT_PAUSE_NS = 5 * 1000 * 1000,
};

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static void on_alarm(int signal_number) {
    (void)signal_number;
    static const char late[] = "gave up: the phase took longer than its limit\n";
    if (write(STDERR_FILENO, late, sizeof late - 1) < 0) _exit(2);
    _exit(1);
}

/* Every phase sets its own limit, so that a stuck server never leaves a client behind. */
static void limit_phase(unsigned seconds) {
    signal(SIGALRM, on_alarm);
    alarm(seconds);
}

static long whole_number(const char *text, const char *name, long largest) {
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end || value < 1 || value > largest)
        die("%s: expected a whole number from 1 to %ld, got '%s'", name, largest, text);
    return value;
}

static struct sockaddr_in ipv4(const char *host, long port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
        die("expected an IPv4 address, got '%s'", host);
    return address;
}

static void raise_descriptor_limit(long connections) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < (rlim_t)connections + SPARE_DESCRIPTORS)
        die("%ld connections need more file descriptors than `ulimit -Hn` allows (%ld)",
            connections, (long)limit.rlim_cur);
}

static int connect_one(const struct sockaddr_in *server, const struct sockaddr_in *source) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) die("socket: %s", strerror(errno));
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (source && bind(fd, (const struct sockaddr *)source, sizeof *source))
        die("bind: %s", strerror(errno));
    if (connect(fd, (const struct sockaddr *)server, sizeof *server))
        die("connect: %s", strerror(errno));
    return fd;
}

/* One message there and back, on a blocking connection. */
static inline void echo_once(int fd) {
    char sent[PROBE_BYTES], got[PROBE_BYTES];
    memset(sent, 'e', sizeof sent);
    if (send(fd, sent, sizeof sent, MSG_NOSIGNAL) != PROBE_BYTES) die("send: %s", strerror(errno));
    ssize_t n = recv(fd, got, sizeof got, MSG_WAITALL);
    if (n < 0) die("recv: %s", strerror(errno));
    if (n != PROBE_BYTES) die("the server closed a connection");
    if (memcmp(sent, got, sizeof got)) die("the echo differs from what was sent");
}

/* Opens `count` blocking connections. */
static int *open_connections(struct sockaddr_in server, const struct sockaddr_in *source,
                             long count) {
    static const struct timespec pause = {.tv_nsec = CONNECT_PAUSE_NS};
    int *fds = calloc((size_t)count, sizeof *fds);
    if (!fds) die("out of memory");
    raise_descriptor_limit(count);
    limit_phase(PHASE_LIMIT_S);
    for (long i = 0; i < count; i++) {
        fds[i] = connect_one(&server, source);
        if (i % CONNECT_BATCH == CONNECT_BATCH - 1) nanosleep(&pause, NULL);
    }
    return fds;
}

static void say(const char *word, long count) {
    printf("%s %ld\n", word, count);
    fflush(stdout);
}

/* Waits for a line on stdin; false at its end. */
static bool next_line(void) {
    int c;
    do c = getchar();
    while (c != '\n' && c != EOF);
    return c != EOF;
}
