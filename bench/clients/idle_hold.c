/*
 * Holds silent connections open, to see what each costs the server.
 *
 *   idle_hold HOST PORT N [SOURCE_ADDR]
 *
 * Prints `ready N` when all are open and holds them until stdin ends. A line on stdin sends one
 * message over each connection, waits for its echo, and answers `echoed N`. SOURCE_ADDR (127.0.0.2
 * and so on) gives each of several clients its own range of ports.
 */
#include "client.h"

static void echo_on_each(const int *fds, long count) {
    limit_phase(PHASE_LIMIT_S);
    for (long i = 0; i < count; i++) echo_once(fds[i]);
    say("echoed", count);
}

int main(int argc, char **argv) {
    if (argc != 4 && argc != 5) die("usage: idle_hold HOST PORT N [SOURCE_ADDR]");
    struct sockaddr_in server = ipv4(argv[1], whole_number(argv[2], "PORT", UINT16_MAX));
    long count = whole_number(argv[3], "N", MAX_CONNECTIONS);
    struct sockaddr_in source = ipv4(argc == 5 ? argv[4] : "0.0.0.0", 0);
    int *fds = open_connections(server, argc == 5 ? &source : NULL, count);
    say("ready", count);
    limit_phase(0); /* holding has no limit of its own: stdin ends with the caller */
    while (next_line()) {
        echo_on_each(fds, count);
        limit_phase(0);
    }
    return 0;
}
