/* Load over HTTP/1.1: requests from a file, in turn, over kept connections; says in JSON how they were answered.

   http_load [-c connections] [-s seconds] [-r rate] [-1] [-e 200,201] [-l log] [-b bodies] ADDRESS PORT FILE

   FILE: as http_requests.h reads it. -1: each of them once at most, else again.
   -r: so many a second, whether or not the server keeps up: a request's time then begins when it was due.
   -e: the statuses that are expected; of the first answer with another one the body is shown.
   -l: a file that gets five 64-bit numbers a request: its place, status, and when it was due, sent and answered, in
   nanoseconds of the monotonic clock.
   -b: a file that gets the body of each answer, behind two 64-bit numbers: the place of its request, and its size. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "http_answer.h"
#include "http_requests.h"
#include "times.h"

#define GRACE (30 * SECOND)

typedef struct {
    int fd, error;          /* fd: -1 while there is no connection */
    long request, answers;  /* what it waits for, -1 if for nothing; how many came over this connection */
    uint64_t due, begun;
    size_t sent;
    Answer answer;
} Connection;

static Connection **idle;
static struct sockaddr_in server;
static uint64_t start, end, *spent;
static unsigned long bytes_in, bytes_out, answered[STATUSES];
static long taken, done, room, connections = 1, idle_first, idle_count, opened;
static double rate;
static int epoll, timer, once;
static char expected[STATUSES], *unexpected;
static FILE *logged, *bodies;

static void wait_for_work(Connection *c) { idle[(idle_first + idle_count++) % connections] = c; }

static void disconnect(Connection *c)
{
    if (c->fd >= 0) close(c->fd);
    c->fd = -1;
}

static void connect_anew(Connection *c)
{
    struct epoll_event event = {EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {.ptr = c}};
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) die("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->answers = c->error = 0, opened++;
    if (connect(c->fd, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS) die("connect");
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event)) die("epoll_ctl");
}

static void end_request(Connection *c, int status, const char *body, size_t size)
{
    uint64_t at = now();
    if (done == room) spent = realloc(spent, (room = 2 * room + 4096) * sizeof *spent);
    spent[done++] = at - c->due;
    answered[status]++;
    if (!expected[status] && !unexpected) unexpected = strndup(body, size < 2000 ? size : 2000);
    if (logged) fwrite((uint64_t[]){c->request, status, c->due, c->begun, at}, 8, 5, logged);
    if (bodies) {
        fwrite((uint64_t[]){c->request, size}, 8, 2, bodies);
        fwrite(body, 1, size, bodies);
    }
    c->request = -1;
    wait_for_work(c);
}

static void push(Connection *c)
{
    Request *r = &requests[c->request % count];
    while (c->sent < r->size) {
        ssize_t n = send(c->fd, r->bytes + c->sent, r->size - c->sent, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno != EAGAIN && !c->error) c->error = errno;  /* it is told only once */
            return;
        }
        c->sent += n, bytes_out += n;
    }
}

static void begin(Connection *c)
{
    c->sent = 0;
    forget(&c->answer);
    if (c->fd < 0) connect_anew(c);
    push(c);
}

/* The connection has ended. A kept one may end just as it is used again: the request is then sent over a new one. */
static void lose(Connection *c)
{
    int is_stale = c->answers && !c->answer.have;
    disconnect(c);
    if (c->request < 0) return;
    const char *why = c->error ? strerror(c->error) : "the connection ended before the answer did";
    if (is_stale) begin(c);
    else end_request(c, 0, why, strlen(why));
}

static void pull(Connection *c)
{
    for (;;) {
        Answer *a = &c->answer;
        ssize_t n = receive(a, c->fd);
        if (n < 0 && errno == EAGAIN) return;
        if (n > 0) bytes_in += n;
        if (c->request < 0) forget(a);  /* nobody asked */
        if (a->have && is_whole(a, n == 0)) {
            c->answers++;
            if (!a->keep || n <= 0) disconnect(c);
            end_request(c, a->status, a->in + a->head, make_plain(a));
            return;
        }
        if (n <= 0) {
            if (n < 0 && !c->error) c->error = errno;
            lose(c);
            return;
        }
    }
}

static uint64_t due(long number) { return rate ? start + (uint64_t)(number * (SECOND / rate)) : now(); }

static int has_more(void) { return (!once || taken < count) && due(taken) < end; }

static void make_clock(void)
{
    struct epoll_event event = {EPOLLIN | EPOLLET, {.ptr = NULL}};
    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event)) die("timerfd");
}

static void set_clock(uint64_t at)
{
    struct timespec then = {at / SECOND, at % SECOND};
    if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &(struct itimerspec){.it_value = then}, NULL)) die("timerfd");
}

static void dispatch(void)
{
    while (idle_count && has_more() && due(taken) <= now()) {
        Connection *c = idle[idle_first];
        idle_first = (idle_first + 1) % connections, idle_count--;
        c->due = due(taken), c->begun = now();
        c->request = taken++;
        begin(c);
    }
    if (rate && idle_count && has_more()) set_clock(due(taken));
}

static void run(void)
{
    struct epoll_event events[256];
    while ((idle_count < connections || has_more()) && now() < end + GRACE) {
        dispatch();
        int n = epoll_wait(epoll, events, 256, 100);
        for (int i = 0; i < n; i++) {
            Connection *c = events[i].data.ptr;
            if (!c || c->fd < 0) continue;  /* the clock, or closed by an event before */
            if (c->request >= 0) push(c);
            pull(c);
        }
    }
}

static double ms(double share) { return done ? spent[(long)(share * (done - 1))] / 1e6 : 0; }

static void report(double seconds, double cpu)
{
    const char *comma = "";
    qsort(spent, done, sizeof *spent, by_size);
    printf("{\"seconds\": %.6f, \"cpu_seconds\": %.6f, \"opened\": %ld, ", seconds, cpu, opened);
    printf("\"bytes_in\": %lu, \"bytes_out\": %lu, ", bytes_in, bytes_out);
    printf("\"unanswered\": %ld, \"unsent\": %d, ", connections - idle_count, rate && has_more());
    printf("\"p50\": %.4f, \"p90\": %.4f, \"p99\": %.4f, ", ms(.5), ms(.9), ms(.99));
    printf("\"p999\": %.4f, \"max\": %.4f, \"statuses\": {", ms(.999), ms(1));
    for (int status = 0; status < STATUSES; status++)
        if (answered[status]) {
            printf("%s\"%d\": %lu", comma, status, answered[status]);
            comma = ", ";
        }
    printf("}, \"unexpected\": \"");
    for (char *at = unexpected; at && *at; at++) {
        int plain = *at >= ' ' && *at <= '~' && *at != '"' && *at != '\\';
        printf(plain ? "%c" : "\\u%04x", (unsigned char)*at);
    }
    printf("\"}\n");
}

static const char *read_options(int argc, char **argv)
{
    double seconds = 1;
    for (int option; (option = getopt(argc, argv, "c:s:r:1e:l:b:")) != -1;) {
        if (option == 'c') connections = atol(optarg);
        else if (option == 's') seconds = atof(optarg);
        else if (option == 'r') rate = atof(optarg);
        else if (option == '1') once = 1;
        else if (option == 'l') { if (!(logged = fopen(optarg, "w"))) die(optarg); }
        else if (option == 'b') { if (!(bodies = fopen(optarg, "w"))) die(optarg); }
        else if (option == 'e')
            for (char *word = strtok(optarg, ","); word; word = strtok(NULL, ",")) expected[atoi(word) % STATUSES] = 1;
        else exit(2);
    }
    if (argc - optind != 3) exit(2);
    server.sin_family = AF_INET;
    server.sin_port = htons(atoi(argv[optind + 1]));
    if (!inet_aton(argv[optind], &server.sin_addr)) { fprintf(stderr, "not an address: %s\n", argv[optind]); exit(2); }
    end = seconds * SECOND;
    return argv[optind + 2];
}

int main(int argc, char **argv)
{
    read_requests(read_options(argc, argv));
    epoll = epoll_create1(0);
    idle = calloc(connections, sizeof *idle);
    for (long n = 0; n < connections; n++) {
        Connection *c = calloc(1, sizeof *c);
        c->fd = c->request = -1;
        wait_for_work(c);
    }
    if (rate) make_clock();
    double before = cpu_seconds();
    start = now(), end += start;
    run();
    double seconds = (now() - start) / 1e9;
    double cpu = cpu_seconds() - before;
    if (logged && fclose(logged)) die("log");
    if (bodies && fclose(bodies)) die("bodies");
    report(seconds, cpu);
    return 0;
}
