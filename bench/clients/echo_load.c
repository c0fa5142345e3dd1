/*
 * Ping-pong load for an echo server: one message in flight on every connection, each echo checked.
 *
 *   echo_load HOST PORT CONNECTIONS BYTES SECONDS </dev/null
 *
 * Prints `ready CONNECTIONS` when each has echoed once, starts at a line (or the end) of stdin,
 * stops sending after SECONDS, prints one line of JSON when the last echo is back, and leaves when
 * stdin ends. The two gates let the caller read the server's CPU time at the edges of the window,
 * so that opening and closing connections stay outside it.
 */
#include "client.h"

enum {
    MAX_MESSAGE_BYTES = 1 << 20,
    MAX_SECONDS = 3600,
    CHUNK_BYTES = 64 * 1024,
    EVENTS_PER_WAIT = 256,
    WAIT_MS = 50,              /* without traffic, how late the end may be noticed */
    LAST_ECHO_LIMIT_S = 5,     /* after this a missing echo counts as lost */
    LATENCY_BUCKETS = 1000000, /* one per microsecond; the last also holds everything slower */
    ALPHABET = 251,            /* a prime: shifted data never matches by accident */
    MESSAGE_NUMBER_BITS = 40,  /* a trillion messages before two connections share a number */
    NS_PER_US = 1000,
};
static const uint64_t NS_PER_S = 1000000000;

struct connection {
    int fd;
    uint32_t sent, got; /* bytes of the message now in flight */
    uint64_t started_ns, number;
    unsigned char *message;
};

static struct {
    uint32_t message_bytes;
    uint64_t now_ns, end_ns; /* from end_ns on, nothing new is sent */
    uint64_t round_trips, longest_us;
    long in_flight, errors;
    uint32_t latency[LATENCY_BUCKETS];
} load;

static uint64_t clock_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static bool would_block(void) { return errno == EAGAIN || errno == EWOULDBLOCK; }

static bool push(struct connection *c) {
    while (c->sent < load.message_bytes) {
        ssize_t n = send(c->fd, c->message + c->sent, load.message_bytes - c->sent, MSG_NOSIGNAL);
        if (n < 0) return would_block();
        c->sent += (uint32_t)n;
    }
    return true;
}

/* The number makes every message on every connection differ from all others. */
static bool begin_message(struct connection *c) {
    size_t stamp = sizeof c->number < load.message_bytes ? sizeof c->number : load.message_bytes;
    c->number++;
    memcpy(c->message, &c->number, stamp);
    c->sent = c->got = 0;
    c->started_ns = load.now_ns;
    return push(c);
}

static bool finish_message(struct connection *c) {
    load.now_ns = clock_ns();
    uint64_t us = (load.now_ns - c->started_ns) / NS_PER_US;
    load.latency[us < LATENCY_BUCKETS ? us : LATENCY_BUCKETS - 1]++;
    if (us > load.longest_us) load.longest_us = us;
    load.round_trips++;
    if (load.now_ns < load.end_ns) return begin_message(c);
    load.in_flight--;
    return true;
}

/* False when the server closed, reset, or sent a byte that is not the echo. */
static bool pull(struct connection *c) {
    static unsigned char chunk[CHUNK_BYTES];
    while (c->got < load.message_bytes) {
        uint32_t rest = load.message_bytes - c->got;
        ssize_t n = recv(c->fd, chunk, rest < CHUNK_BYTES ? rest : CHUNK_BYTES, 0);
        if (n < 0) return would_block();
        if (n == 0 || memcmp(chunk, c->message + c->got, (size_t)n)) return false;
        c->got += (uint32_t)n;
        /* No read after the last byte: the next edge comes with the next echo. */
        if (c->got == load.message_bytes) return finish_message(c);
    }
    return true;
}

static void fail(struct connection *c) {
    close(c->fd);
    load.in_flight--;
    load.errors++;
}

static unsigned char *patterned_message(void) {
    unsigned char *message = malloc(load.message_bytes);
    if (!message) die("out of memory");
    for (uint32_t i = 0; i < load.message_bytes; i++) message[i] = (unsigned char)(i % ALPHABET);
    return message;
}

static struct connection *prepare(const int *fds, long count, int epoll_fd) {
    struct connection *all = calloc((size_t)count, sizeof *all);
    if (!all) die("out of memory");
    for (long i = 0; i < count; i++) {
        struct connection *c = &all[i];
        c->fd = fds[i];
        c->number = (uint64_t)i << MESSAGE_NUMBER_BITS;
        c->message = patterned_message();
        fcntl(c->fd, F_SETFL, O_NONBLOCK);
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &event))
            die("epoll_ctl: %s", strerror(errno));
    }
    return all;
}

static void serve_events(int epoll_fd) {
    struct epoll_event events[EVENTS_PER_WAIT];
    int n = epoll_wait(epoll_fd, events, EVENTS_PER_WAIT, WAIT_MS);
    for (int i = 0; i < n; i++) {
        struct connection *c = events[i].data.ptr;
        if (!push(c) || !pull(c)) fail(c);
    }
}

/* From the first message sent to the last echo received, in nanoseconds. */
static uint64_t run_window(int epoll_fd, struct connection *all, long count, double seconds) {
    uint64_t start_ns = load.now_ns = clock_ns();
    load.end_ns = start_ns + (uint64_t)(seconds * (double)NS_PER_S);
    load.in_flight = count;
    for (long i = 0; i < count; i++)
        if (!begin_message(&all[i])) fail(&all[i]);
    uint64_t limit_ns = load.end_ns + LAST_ECHO_LIMIT_S * NS_PER_S;
    while (load.in_flight && (load.now_ns = clock_ns()) < limit_ns) serve_events(epoll_fd);
    load.errors += load.in_flight;
    return clock_ns() - start_ns;
}

static long percentile_us(double share) {
    uint64_t wanted = (uint64_t)(share * (double)load.round_trips), seen = 0;
    for (long us = 0; us < LATENCY_BUCKETS; us++)
        if ((seen += load.latency[us]) > wanted) return us;
    return 0;
}

static void report(long connections, uint64_t elapsed_ns) {
    printf("{\"roundTrips\":%lu,\"seconds\":%.6f,\"connections\":%ld,\"errors\":%ld,"
           "\"p50Us\":%ld,\"p99Us\":%ld,\"longestUs\":%lu}\n",
           (unsigned long)load.round_trips, (double)elapsed_ns / (double)NS_PER_S, connections,
           load.errors, percentile_us(0.50), percentile_us(0.99),
           (unsigned long)load.longest_us);
    fflush(stdout);
}

static double window_seconds(const char *text) {
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end || !(seconds > 0 && seconds <= MAX_SECONDS))
        die("SECONDS: expected a number above 0 and up to %d, got '%s'", MAX_SECONDS, text);
    return seconds;
}

int main(int argc, char **argv) {
    if (argc != 6) die("usage: echo_load HOST PORT CONNECTIONS BYTES SECONDS");
    struct sockaddr_in server = ipv4(argv[1], whole_number(argv[2], "PORT", UINT16_MAX));
    long count = whole_number(argv[3], "CONNECTIONS", MAX_CONNECTIONS);
    load.message_bytes = (uint32_t)whole_number(argv[4], "BYTES", MAX_MESSAGE_BYTES);
    double seconds = window_seconds(argv[5]);

    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    int *fds = open_connections(server, NULL, count);
    /* The kernel completes a connect before the server accepts it; an echo shows that it did. */
    for (long i = 0; i < count; i++) echo_once(fds[i]);
    struct connection *all = prepare(fds, count, epoll_fd);
    say("ready", count);
    next_line();
    limit_phase((unsigned)seconds + PHASE_LIMIT_S);
    uint64_t elapsed_ns = run_window(epoll_fd, all, count, seconds);
    report(count, elapsed_ns);
    while (next_line()) continue;
    return 0;
}
