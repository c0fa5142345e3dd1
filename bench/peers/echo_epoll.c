/*
 * The floor: the smallest honest echo server there is, one thread around one epoll instance.
 *
 *   cc -O2 -o echo_epoll bench/peers/echo_epoll.c && ./echo_epoll 8080
 *   echo hello | nc -N 127.0.0.1 8080
 *
 * Level triggered, so that a message costs one read and one write and no read that finds nothing.
 * All connections share one buffer; only one whose client takes less than it sent gets a copy of
 * the rest, and is not read again until that is gone.
 */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 16 * 1024,
    BACKLOG = 4096,
    EVENTS_PER_WAIT = 512,
};

struct rest {
    size_t start, end;
    unsigned char bytes[];
};

static int epoll_fd;
static struct rest **rests; /* by descriptor; NULL where nothing waits to be written */

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int operation, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll_fd, operation, fd, &event)) die("epoll_ctl");
}

static void drop(int fd) {
    free(rests[fd]);
    rests[fd] = NULL;
    close(fd);
}

static void keep(int fd, const unsigned char *bytes, size_t count) {
    struct rest *rest = malloc(sizeof *rest + count);
    if (!rest) die("malloc");
    rest->start = 0;
    rest->end = count;
    memcpy(rest->bytes, bytes, count);
    rests[fd] = rest;
    watch(EPOLL_CTL_MOD, fd, EPOLLOUT);
}

static bool would_block(void) { return errno == EAGAIN || errno == EWOULDBLOCK; }

static void echo(int fd) {
    static unsigned char buffer[BUFFER_BYTES];
    ssize_t got = recv(fd, buffer, sizeof buffer, 0);
    if (got < 0 && would_block()) return;
    if (got <= 0) return drop(fd);
    ssize_t sent = send(fd, buffer, (size_t)got, MSG_NOSIGNAL);
    if (sent < 0 && !would_block()) return drop(fd);
    if (sent < 0) sent = 0;
    if (sent < got) keep(fd, buffer + sent, (size_t)(got - sent));
}

static void send_rest(int fd) {
    struct rest *rest = rests[fd];
    ssize_t sent = send(fd, rest->bytes + rest->start, rest->end - rest->start, MSG_NOSIGNAL);
    if (sent < 0 && would_block()) return;
    if (sent < 0) return drop(fd);
    rest->start += (size_t)sent;
    if (rest->start < rest->end) return;
    free(rest);
    rests[fd] = NULL;
    watch(EPOLL_CTL_MOD, fd, EPOLLIN);
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && would_block()) return;
        if (fd >= 0) watch(EPOLL_CTL_ADD, fd, EPOLLIN);
        else if (errno != ECONNABORTED && errno != EINTR) die("accept4");
    }
}

/* Prints the port: with 0 the system has chosen it. */
static int listen_on(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t size = sizeof address;
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0) die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, size)) die("bind");
    if (listen(fd, BACKLOG)) die("listen");
    if (getsockname(fd, (struct sockaddr *)&address, &size)) die("getsockname");
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

/* As many descriptors as the hard limit allows, and a pointer for each. */
static void make_room(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) die("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit)) die("setrlimit");
    rests = calloc(limit.rlim_cur, sizeof *rests);
    if (!rests) die("calloc");
}

int main(int argc, char **argv) {
    static struct epoll_event events[EVENTS_PER_WAIT];
    make_room();
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_on(argc > 1 ? (uint16_t)atoi(argv[1]) : 0);
    watch(EPOLL_CTL_ADD, listener, EPOLLIN);
    for (;;) {
        int count = epoll_wait(epoll_fd, events, EVENTS_PER_WAIT, -1);
        if (count < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) accept_all(listener);
            else if (rests[fd]) send_rest(fd);
            else echo(fd);
        }
    }
}
