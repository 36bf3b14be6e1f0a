/* Opens many event streams and checks that each brings its chat's events 1, 2, 3, ... once and in order.

   stream_load [-a at_once] [-r sent|head|LINE] [-b milliseconds] ADDRESS PORT FILE

   FILE: for each stream a line with the number of its chat and the size in bytes of the head of its request, and
   these bytes, without the empty line. An event's data says `@CHAT:NUMBER;`.
   -r: a stream is live when its request is sent, its answer's head has come, or a line that begins so.
   -a: so many streams at most are on their way to that at a time; 0: all at once, as those that come back.
   -b: a stream that ends or gets a 503 comes back with the last `id:` as its Last-Event-ID: as much later as `retry:`
       has told it, else so much.

   It says, with times in nanoseconds of the monotonic clock:
     live TIME              all streams are live (said again after some were not)
     done CHAT NUMBER TIME  this event has come on all streams of its chat
     stat LIVE ENDED REFUSED BYTES   when it reads a line: live now; ended, refused and bytes so far
   It ends with its stdin. What must not be is said on stderr and ends it with status 1. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stream_events.h"

#define RECEIVE (256 * 1024)

static Stream *streams;
static long count, live, opening, at_once = 64, again = -1, ended, refused, fresh;
static unsigned long long bytes;
static const char *ready = "head";
static int chat_count, epoll;
static struct sockaddr_in server;
static Stream **waiting; /* for their time: a heap, whose first is due first */
static long waiting_count;
static char buffer[LONGEST_LINE + RECEIVE];

static void wait_for_turn(Stream *s, uint64_t due)
{
    long n = waiting_count++, parent;
    s->state = AWAY;
    s->due = due;
    for (; n && waiting[parent = (n - 1) / 2]->due > due; n = parent) waiting[n] = waiting[parent];
    waiting[n] = s;
}

static Stream *first_due(void)
{
    Stream *first = waiting[0], *last = waiting[--waiting_count];
    long n = 0, child;
    for (; (child = 2 * n + 1) < waiting_count; n = child) {
        if (child + 1 < waiting_count && waiting[child + 1]->due < waiting[child]->due) child++;
        if (waiting[child]->due >= last->due) break;
        waiting[n] = waiting[child];
    }
    waiting[n] = last;
    return first;
}

static void read_streams(const char *path)
{
    FILE *file = fopen(path, "r");
    int chat;
    size_t size;
    long space = 0;
    if (!file) fail("%s: %m", path);
    while (fscanf(file, "%d %zu", &chat, &size) == 2 && fgetc(file) == '\n') {
        if (count == space && !(streams = realloc(streams, (space = 2 * space + 64) * sizeof *streams))) fail("%m");
        Stream *s = &streams[count++];
        *s = (Stream){.number = count - 1, .fd = -1, .chat = chat, .head = malloc(size), .head_size = size};
        if (fread(s->head, 1, size, file) != size) fail("%s: too short", path);
        if (chat >= chat_count) {
            chats = realloc(chats, (chat + 1) * sizeof *chats);
            memset(chats + chat_count, 0, (chat + 1 - chat_count) * sizeof *chats);
            chat_count = chat + 1;
        }
        chats[chat].streams++;
    }
    fclose(file);
    if (!count) fail("%s: no streams", path);
}

static void become_live(Stream *s)
{
    s->live = 1;
    opening--;
    if (++live == count) printf("live %llu\n", (unsigned long long)now());
}

static void leave(Stream *s, const char *why)
{
    if (again < 0) fail("stream %ld: %s", s->number, why);
    close(s->fd);
    if (s->live) live--;
    else opening--;
    s->live = 0;
    wait_for_turn(s, now() + (s->retry ? s->retry : again) * 1000000ull);
}

static void begin(Stream *s)
{
    int one = 1;
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = s};
    if ((s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) < 0) fail("socket: %m");
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    opening++;
    s->state = CONNECTING;
    s->rest_size = s->status = s->pending = 0;
    s->pending_cursor[0] = 0;
    if (connect(s->fd, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS) {
        if (again < 0) fail("connect: %m");
        leave(s, "refused");
    } else if (epoll_ctl(epoll, EPOLL_CTL_ADD, s->fd, &event)) fail("epoll: %m");
}

static void ask(Stream *s)
{
    char request[8192];
    int error = 0, size;
    socklen_t length = sizeof error;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
    getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error) { leave(s, strerror(error)); return; }
    size = snprintf(request, sizeof request, "%.*s%s%s%s\r\n", (int)s->head_size, s->head,
                    s->cursor[0] ? "Last-Event-ID: " : "", s->cursor, s->cursor[0] ? "\r\n" : "");
    if (size >= (int)sizeof request) fail("a request is too long");
    if (send(s->fd, request, size, MSG_NOSIGNAL) != size) { leave(s, "its request could not be sent"); return; }
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, s->fd, &event)) fail("epoll: %m");
    s->state = HEAD;
    if (!strcmp(ready, "sent")) become_live(s);
}

/* Whether the stream is still there behind this line, which comes without its end. */
static int read_line(Stream *s, const char *line, size_t size)
{
    if (s->state == BODY) {
        read_event_line(s, line, size);
        if (!s->live && begins(line, size, ready)) become_live(s);
    } else if (!s->status) {
        s->status = size > 12 ? atoi(line + 9) : -1;
        if (s->status == 503 && again >= 0) {
            refused++;
            leave(s, "503");
            return 0;
        }
        if (s->status != 200) fail("stream %ld was answered: %.*s", s->number, (int)size, line);
    } else if (size == 1 && *line == '\r') {
        s->state = BODY;
        if (!strcmp(ready, "head")) become_live(s);
    }
    return 1;
}

static void receive(Stream *s)
{
    char *start = buffer, *end, *line_end;
    ssize_t got;
    memcpy(buffer, s->rest, s->rest_size);
    got = recv(s->fd, buffer + s->rest_size, RECEIVE, 0);
    if (got <= 0) {
        if (got < 0 && errno == EAGAIN) return;
        ended++;
        leave(s, got ? strerror(errno) : "ended");
        return;
    }
    bytes += got;
    end = buffer + s->rest_size + got;
    while ((line_end = memchr(start, '\n', end - start))) {
        if (!read_line(s, start, line_end - start)) return;
        start = line_end + 1;
    }
    if (end - start >= LONGEST_LINE) fail("a line is too long");
    s->rest_size = end - start;
    memcpy(s->rest, start, s->rest_size);
}

static void read_command(void)
{
    char command[64];
    if (read(0, command, sizeof command) <= 0) exit(0);
    printf("stat %ld %ld %ld %llu\n", live, ended, refused, bytes);
}

/* Begins what is due and has room; milliseconds until the next may begin, -1 if none waits for its time. */
static int begin_due(void)
{
    while (waiting_count && !(fresh && at_once && opening >= at_once)) {
        uint64_t due = waiting[0]->due, time = now();
        if (due > time) return (due - time) / 1000000 + 1;
        if (fresh) fresh--;
        begin(first_due());
    }
    return -1;
}

static void run(void)
{
    struct epoll_event events[1024], command = {.events = EPOLLIN};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &command)) fail("epoll: %m");
    for (;;) {
        int pause = begin_due();
        fflush(stdout);
        int found = epoll_wait(epoll, events, 1024, pause);
        for (int n = 0; n < found; n++) {
            Stream *s = events[n].data.ptr;
            if (!s) read_command();
            else if (s->state == CONNECTING) ask(s);
            else if (s->state != AWAY) receive(s);
        }
    }
}

int main(int argc, char **argv)
{
    static char out[64 * 1024];
    int option;
    while ((option = getopt(argc, argv, "a:r:b:")) != -1) {
        if (option == 'a') at_once = atol(optarg);
        else if (option == 'r') ready = optarg;
        else if (option == 'b') again = atol(optarg);
        else return 2;
    }
    if (argc - optind != 3) fail("stream_load [-a at_once] [-r ready] [-b milliseconds] ADDRESS PORT FILE");
    setvbuf(stdout, out, _IOFBF, sizeof out);
    server.sin_family = AF_INET;
    server.sin_port = htons(atoi(argv[optind + 1]));
    if (inet_pton(AF_INET, argv[optind], &server.sin_addr) != 1) fail("no address: %s", argv[optind]);
    read_streams(argv[optind + 2]);
    fresh = count;
    if (!(waiting = calloc(count, sizeof *waiting))) fail("%m");
    if ((epoll = epoll_create1(0)) < 0) fail("epoll: %m");
    for (long n = 0; n < count; n++) wait_for_turn(&streams[n], 0);
    run();
}
