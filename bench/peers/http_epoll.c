/*
 * What load generators are held against: an HTTP server that answers every request with the same
 * few bytes, at once or after a fixed delay, as fast as one thread around one epoll instance can.
 *
 *   cc -O2 -o http_epoll bench/peers/http_epoll.c && ./http_epoll 8080
 *   ./http_epoll 8080 10000        each answer 10,000 microseconds after its request was read
 *
 * It does not parse: a request is whatever ends with an empty line, so it takes none with a body.
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
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 16 * 1024,
    BACKLOG = 4096,
    EVENTS_PER_WAIT = 512,
    MOST_AT_ONCE = 64,
    MOST_WAITING = 1 << 16,
    END_BYTES = 4,
};

static const char ANSWER[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";
enum { ANSWER_BYTES = sizeof ANSWER - 1 };

/* An answer that is due later. The delay is the same for all, so they are due in order. */
struct waiting {
    int fd;
    uint32_t generation;
    int64_t due;
};

struct client {
    int matched; /* how many bytes of the empty line at the end have come */
    uint32_t generation;
};

static int epoll_fd, timer_fd;
static int64_t delay_ns;
static struct client *clients; /* by descriptor */
static struct waiting ring[MOST_WAITING];
static unsigned first, last;
static char answers[MOST_AT_ONCE * ANSWER_BYTES];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event)) die("epoll_ctl");
}

static void drop(int fd) {
    clients[fd].generation++;
    clients[fd].matched = 0;
    close(fd);
}

static bool would_block(void) { return errno == EAGAIN || errno == EWOULDBLOCK; }

/* A client that takes no answers is of no use here: it is dropped. */
static void answer(int fd, int count) {
    size_t length = (size_t)count * ANSWER_BYTES;
    if (send(fd, answers, length, MSG_NOSIGNAL) != (ssize_t)length) drop(fd);
}

static int64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void set_timer(int64_t due) {
    struct itimerspec when = {.it_value = {due / 1000000000, due % 1000000000}};
    if (timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &when, NULL)) die("timerfd_settime");
}

static void answer_later(int fd, int count) {
    int64_t due = now_ns() + delay_ns;
    if (first == last) set_timer(due);
    while (count-- > 0) {
        ring[last++ % MOST_WAITING] = (struct waiting){fd, clients[fd].generation, due};
        if (last - first == MOST_WAITING) die("too many answers wait");
    }
}

static void answer_due(void) {
    uint64_t expirations;
    if (read(timer_fd, &expirations, sizeof expirations) < 0 && !would_block()) die("read");
    int64_t now = now_ns();
    for (; first != last; first++) {
        struct waiting *next = &ring[first % MOST_WAITING];
        if (next->due > now) return set_timer(next->due);
        if (clients[next->fd].generation == next->generation) answer(next->fd, 1);
    }
}

static int ends_in(struct client *client, const char *bytes, ssize_t count) {
    static const char END[] = "\r\n\r\n";
    int ends = 0;
    for (ssize_t i = 0; i < count; i++) {
        if (bytes[i] == END[client->matched]) client->matched++;
        else client->matched = bytes[i] == '\r';
        if (client->matched == END_BYTES) {
            client->matched = 0;
            ends++;
        }
    }
    return ends;
}

static void serve(int fd) {
    static char buffer[BUFFER_BYTES];
    ssize_t got = recv(fd, buffer, sizeof buffer, 0);
    if (got < 0 && would_block()) return;
    if (got <= 0) return drop(fd);
    int count = ends_in(&clients[fd], buffer, got);
    if (delay_ns > 0) return answer_later(fd, count);
    for (; count > MOST_AT_ONCE; count -= MOST_AT_ONCE) answer(fd, MOST_AT_ONCE);
    if (count > 0) answer(fd, count);
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && would_block()) return;
        if (fd >= 0) watch(fd);
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

/* As many descriptors as the hard limit allows, and a client for each. */
static void make_room(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) die("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit)) die("setrlimit");
    clients = calloc(limit.rlim_cur, sizeof *clients);
    if (!clients) die("calloc");
    for (int i = 0; i < MOST_AT_ONCE; i++) memcpy(answers + i * ANSWER_BYTES, ANSWER, ANSWER_BYTES);
}

int main(int argc, char **argv) {
    static struct epoll_event events[EVENTS_PER_WAIT];
    make_room();
    delay_ns = argc > 2 ? atoll(argv[2]) * 1000 : 0;
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    int listener = listen_on(argc > 1 ? (uint16_t)atoi(argv[1]) : 0);
    watch(listener);
    watch(timer_fd);
    for (;;) {
        int count = epoll_wait(epoll_fd, events, EVENTS_PER_WAIT, -1);
        if (count < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) accept_all(listener);
            else if (fd == timer_fd) answer_due();
            else serve(fd);
        }
    }
}
