/* What a stream has brought so far, and what must not be in it. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LONGEST_LINE 2048
#define CURSOR 96

enum state { AWAY, CONNECTING, HEAD, BODY };

typedef struct {
    long number;
    int fd, chat, status, live;
    enum state state;
    char *head;
    size_t head_size, rest_size;
    uint64_t due;             /* when it comes back */
    long retry;               /* milliseconds that it was told to wait before that */
    long last, pending;       /* the last event's number, and that of one that is not whole yet */
    char cursor[CURSOR], pending_cursor[CURSOR];
    char rest[LONGEST_LINE];  /* a line that is not whole yet */
} Stream;

typedef struct { long streams, room; uint32_t *got; } Chat;

static Chat *chats;

static void fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    exit(1);
}

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void count_event(Stream *s)
{
    Chat *chat = &chats[s->chat];
    if (s->pending != s->last + 1)
        fail("stream %ld of chat %d got event %ld behind %ld", s->number, s->chat, s->pending, s->last);
    s->last = s->pending;
    if (s->last >= chat->room) {
        long room = 2 * s->last + 1024;
        if (!(chat->got = realloc(chat->got, room * sizeof *chat->got))) fail("%m");
        memset(chat->got + chat->room, 0, (room - chat->room) * sizeof *chat->got);
        chat->room = room;
    }
    if (++chat->got[s->last] == chat->streams)
        printf("done %d %ld %llu\n", s->chat, s->last, (unsigned long long)now());
}

static void read_data(Stream *s, const char *line, size_t size)
{
    char *mark = memchr(line, '@', size), *end;
    if (!mark) return;
    if (strtol(mark + 1, &end, 10) != s->chat || *end != ':') fail("stream %ld: another chat's event", s->number);
    s->pending = strtol(end + 1, &end, 10);
    if (*end != ';') fail("stream %ld: a broken event", s->number);
}

static int begins(const char *line, size_t size, const char *with)
{
    size_t length = strlen(with);
    return size >= length && !memcmp(line, with, length);
}

static void read_id(Stream *s, const char *value, size_t size)
{
    while (size && *value == ' ') value++, size--;
    if (size >= CURSOR) fail("a cursor is too long");
    memcpy(s->pending_cursor, value, size);
    s->pending_cursor[size] = 0;
}

/* A line without its end. What an event brings counts at the empty line: what is cut before it will come again. */
static void read_event_line(Stream *s, const char *line, size_t size)
{
    if (!size) {
        if (s->pending) count_event(s);
        if (s->pending_cursor[0]) strcpy(s->cursor, s->pending_cursor);
        s->pending = s->pending_cursor[0] = 0;
    } else if (begins(line, size, "data:")) read_data(s, line, size);
    else if (begins(line, size, "retry:")) s->retry = atol(line + 6);
    else if (begins(line, size, "id:")) read_id(s, line + 3, size - 3);
}
