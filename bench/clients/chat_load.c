/*
 * A busy room: some of many clients speak, all the others hear it.
 *
 *   chat_load HOST PORT CLIENTS SENDERS SECONDS IN_FLIGHT STUCK </dev/null
 *
 * Connects, waits until the room has fallen silent, prints `ready CLIENTS`, and starts at a line
 * (or the end) of stdin. As many messages are on their way at a time as IN_FLIGHT says: the next one
 * is sent when the oldest has reached everybody. With STUCK 1 there is one client more, which never
 * reads. After SECONDS it prints one line of JSON, and leaves when stdin ends.
 */
#include "client.h"

enum {
    MAX_SECONDS = 3600,
    MAX_IN_FLIGHT = 10000,
    CHUNK_BYTES = 64 * 1024,
    EVENTS_PER_WAIT = 256,
    WAIT_MS = 50,
    SILENCE_MS = 700,          /* so long nothing comes, and everybody has come in */
    LATENCY_BUCKETS = 5000000, /* one per microsecond */
    OBSERVERS = 16,            /* clients whose lines are read for the time they were sent */
    STAMP_DIGITS = 16,
    LINE_BYTES = 64,
    REST_BYTES = 512,
    STUCK_BUFFER_BYTES = 4096,
    NS_PER_US = 1000,
};
static const uint64_t NS_PER_S = 1000000000;
static const char STAMP_MARK[] = ": T";

struct client {
    int fd;
    bool observes;
    size_t rest_bytes; /* of a line whose end has not come */
    char rest[REST_BYTES];
};

static struct {
    bool counting;
    uint64_t lines, samples, missed;
    uint32_t latency[LATENCY_BUCKETS];
} load;

static uint64_t clock_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static void observe_line(const char *line, uint64_t now_ns) {
    if (strstr(line, "you missed")) load.missed++;
    const char *mark = strstr(line, STAMP_MARK);
    if (!mark) return;
    char digits[STAMP_DIGITS + 1] = {0};
    memcpy(digits, mark + sizeof STAMP_MARK - 1, STAMP_DIGITS);
    uint64_t us = (now_ns - strtoull(digits, NULL, 16)) / NS_PER_US;
    load.latency[us < LATENCY_BUCKETS ? us : LATENCY_BUCKETS - 1]++;
    load.samples++;
}

static void observe(struct client *c, const char *bytes, size_t count) {
    uint64_t now_ns = clock_ns();
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == '\n') {
            c->rest[c->rest_bytes] = 0;
            observe_line(c->rest, now_ns);
            c->rest_bytes = 0;
        } else if (c->rest_bytes < REST_BYTES - 1) {
            c->rest[c->rest_bytes++] = bytes[i];
        }
    }
}

static void hear(struct client *c) {
    static char chunk[CHUNK_BYTES];
    for (;;) {
        ssize_t n = recv(c->fd, chunk, sizeof chunk, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (n <= 0) die("the server closed a connection");
        for (const char *at = chunk, *end = chunk + n;
             (at = memchr(at, '\n', (size_t)(end - at))); at++)
            load.lines++;
        if (load.counting && c->observes) observe(c, chunk, (size_t)n);
        if (n < CHUNK_BYTES) return;
    }
}

/* Hears whoever has something to hear; false when nobody had for so long. */
static bool hear_all(int epoll_fd, int wait_ms) {
    struct epoll_event events[EVENTS_PER_WAIT];
    int n = epoll_wait(epoll_fd, events, EVENTS_PER_WAIT, wait_ms);
    for (int i = 0; i < n; i++) hear(events[i].data.ptr);
    return n > 0;
}

static void speak(int fd) {
    char line[LINE_BYTES + 1];
    int stamp = snprintf(line, sizeof line, "T%016lx ", (unsigned long)clock_ns());
    memset(line + stamp, 'x', (size_t)(LINE_BYTES - 1 - stamp));
    line[LINE_BYTES - 1] = '\n';
    if (send(fd, line, LINE_BYTES, MSG_NOSIGNAL) != LINE_BYTES) die("send: %s", strerror(errno));
}

static void connect_stuck(const struct sockaddr_in *server) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int bytes = STUCK_BUFFER_BYTES;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    if (connect(fd, (const struct sockaddr *)server, sizeof *server))
        die("connect: %s", strerror(errno));
}

static struct client *prepare(const int *fds, long count, int epoll_fd) {
    struct client *all = calloc((size_t)count, sizeof *all);
    if (!all) die("out of memory");
    for (long i = 0; i < count; i++) {
        all[i].fd = fds[i];
        all[i].observes = i >= count - OBSERVERS; /* those that do not speak */
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fds[i], &event))
            die("epoll_ctl: %s", strerror(errno));
    }
    return all;
}

/* Answers how long it took, in nanoseconds. */
static uint64_t talk(int epoll_fd, struct client *all, long clients, long senders, long in_flight,
                     double seconds) {
    uint64_t per_message = (uint64_t)clients - 1, said = 0;
    uint64_t start_ns = clock_ns(), end_ns = start_ns + (uint64_t)(seconds * (double)NS_PER_S);
    load.lines = 0;
    load.counting = true;
    while (clock_ns() < end_ns) {
        while (said < load.lines / per_message + (uint64_t)in_flight)
            speak(all[said++ % (uint64_t)senders].fd);
        hear_all(epoll_fd, WAIT_MS);
    }
    return clock_ns() - start_ns;
}

static long percentile_us(double share) {
    uint64_t wanted = (uint64_t)(share * (double)load.samples), seen = 0;
    for (long us = 0; us < LATENCY_BUCKETS; us++)
        if ((seen += load.latency[us]) > wanted) return us;
    return 0;
}

static double window_seconds(const char *text) {
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end || !(seconds > 0 && seconds <= MAX_SECONDS))
        die("SECONDS: expected a number above 0 and up to %d, got '%s'", MAX_SECONDS, text);
    return seconds;
}

int main(int argc, char **argv) {
    if (argc != 8) die("usage: chat_load HOST PORT CLIENTS SENDERS SECONDS IN_FLIGHT STUCK");
    struct sockaddr_in server = ipv4(argv[1], whole_number(argv[2], "PORT", UINT16_MAX));
    long clients = whole_number(argv[3], "CLIENTS", MAX_CONNECTIONS);
    long senders = whole_number(argv[4], "SENDERS", clients - OBSERVERS);
    double seconds = window_seconds(argv[5]);
    long in_flight = whole_number(argv[6], "IN_FLIGHT", MAX_IN_FLIGHT);

    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct client *all = prepare(open_connections(server, NULL, clients), clients, epoll_fd);
    if (*argv[7] == '1') connect_stuck(&server);
    while (hear_all(epoll_fd, SILENCE_MS)) continue;
    say("ready", clients);
    next_line();
    limit_phase((unsigned)seconds + PHASE_LIMIT_S);
    uint64_t elapsed_ns = talk(epoll_fd, all, clients, senders, in_flight, seconds);
    printf("{\"deliveries\":%lu,\"seconds\":%.6f,\"missed\":%lu,\"p50Us\":%ld,\"p99Us\":%ld}\n",
           (unsigned long)load.lines, (double)elapsed_ns / (double)NS_PER_S,
           (unsigned long)load.missed, percentile_us(0.50), percentile_us(0.99));
    fflush(stdout);
    while (next_line()) continue;
    return 0;
}
