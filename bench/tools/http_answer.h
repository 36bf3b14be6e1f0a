/* One answer of HTTP/1.1 as it comes in: its status, and where it ends. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define STATUSES 600

typedef struct {
    int status, chunked, keep;
    long long length;               /* of the body, -1 if it ends with the connection */
    size_t have, room, head, mark;  /* head: its size once it is whole; mark: where the next chunk begins */
    char *in;
} Answer;

static void forget(Answer *a) { a->have = a->head = a->mark = 0; }

static ssize_t receive(Answer *a, int from)
{
    if (a->room - a->have < 65536) a->in = realloc(a->in, a->room = 2 * a->room + 65537);
    ssize_t n = recv(from, a->in + a->have, a->room - a->have - 1, 0);
    if (n > 0) a->in[a->have += n] = 0;
    return n;
}

static int read_head(Answer *a)
{
    char *stop = memmem(a->in, a->have, "\r\n\r\n", 4), *line = a->in;
    if (!stop || a->have < 12) return 0;
    a->head = a->mark = stop + 4 - a->in;
    a->status = atoi(a->in + 9);
    if (a->status < 100 || a->status >= STATUSES) a->status = 0;
    a->keep = a->in[7] == '1', a->chunked = 0, a->length = a->status == 204 || a->status == 304 ? 0 : -1;
    while ((line = memmem(line, stop + 2 - line, "\r\n", 2)) && (line += 2) < stop) {
        if (!strncasecmp(line, "content-length:", 15)) a->length = atoll(line + 15);
        if (!strncasecmp(line, "transfer-encoding: chunked", 26)) a->chunked = 1;
        if (!strncasecmp(line, "connection: close", 17)) a->keep = 0;
        if (!strncasecmp(line, "connection: keep-alive", 22)) a->keep = 1;
    }
    return 1;
}

static int has_last_chunk(Answer *a)
{
    char *line;
    while ((line = memmem(a->in + a->mark, a->have - a->mark, "\r\n", 2))) {
        size_t size = strtoul(a->in + a->mark, NULL, 16), next = line - a->in + 2 + size + 2;
        if (next > a->have) return 0;
        a->mark = next;
        if (!size) return 1;
    }
    return 0;
}

static int is_whole(Answer *a, int at_end)
{
    if (!a->head && !read_head(a)) return 0;
    if (a->chunked) return has_last_chunk(a);
    return a->length < 0 ? at_end : a->have >= a->head + a->length;
}

/* The size of a whole body, once what stands between chunks is out of it. */
static size_t make_plain(Answer *a)
{
    char *to = a->in + a->head, *at = to;
    if (!a->chunked) return a->have - a->head;
    for (size_t size; (size = strtoul(at, NULL, 16)); to += size, at += size + 2) {
        at = strstr(at, "\r\n") + 2;
        memmove(to, at, size);
    }
    return to - a->in - a->head;
}
