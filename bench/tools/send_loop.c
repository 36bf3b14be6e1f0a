/* The least that a server of event streams can do: one send() for each event and stream, and nothing else.

   send_loop PORT

   A client asks for `/CHAT` and is a stream of that chat from then on. stdin: for each event a line with its chat and
   its size in bytes, and these bytes, which each stream of the chat is sent as they are. It ends with its stdin. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHATS 4096
#define RECEIVE (1024 * 1024)

static struct { int count, room, *sockets; } chats[CHATS];

static void die(const char *what) { perror(what); exit(1); }

static int listening(int port)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port)};
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) || listen(fd, 4096)) die("listen");
    return fd;
}

static void welcome(int fd)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n:\n\n";
    char request[8192];
    size_t size = 0;
    int chat, one = 1;
    for (;;) {
        ssize_t got = recv(fd, request + size, sizeof request - 1 - size, 0);
        if (got <= 0) { close(fd); return; }
        request[size += got] = 0;
        if (strstr(request, "\r\n\r\n")) break;
    }
    if (sscanf(request, "GET /%d ", &chat) != 1 || chat < 0 || chat >= CHATS) { close(fd); return; }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (chats[chat].count == chats[chat].room) {
        chats[chat].room = 2 * chats[chat].room + 16;
        chats[chat].sockets = realloc(chats[chat].sockets, chats[chat].room * sizeof(int));
        if (!chats[chat].sockets) die("realloc");
    }
    chats[chat].sockets[chats[chat].count++] = fd;
    send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
}

static void send_to_all(int chat, const char *event, size_t size)
{
    for (int n = 0; n < chats[chat].count;) {
        if (send(chats[chat].sockets[n], event, size, MSG_NOSIGNAL) == (ssize_t)size) n++;
        else {
            close(chats[chat].sockets[n]);
            chats[chat].sockets[n] = chats[chat].sockets[--chats[chat].count];
        }
    }
}

/* Sends the whole events in these bytes; how many of the bytes that were. */
static size_t take(const char *bytes, size_t size)
{
    size_t taken = 0;
    const char *line_end;
    while ((line_end = memchr(bytes + taken, '\n', size - taken))) {
        char *end;
        long chat = strtol(bytes + taken, &end, 10);
        size_t length = strtoul(end, &end, 10);
        const char *event = line_end + 1;
        if (end != line_end || chat < 0 || chat >= CHATS) exit(1);
        if ((size_t)(bytes + size - event) < length) break;
        send_to_all(chat, event, length);
        taken = event + length - bytes;
    }
    return taken;
}

int main(int argc, char **argv)
{
    static char bytes[RECEIVE];
    size_t size = 0;
    if (argc != 2) return 2;
    struct pollfd watched[2] = {{.fd = 0, .events = POLLIN}, {.fd = listening(atoi(argv[1])), .events = POLLIN}};
    puts("ready");
    fflush(stdout);
    while (poll(watched, 2, -1) > 0) {
        if (watched[1].revents) welcome(accept(watched[1].fd, NULL, NULL));
        if (watched[0].revents) {
            ssize_t got = read(0, bytes + size, sizeof bytes - size);
            if (got <= 0) return 0;
            size += got;
            size_t taken = take(bytes, size);
            memmove(bytes, bytes + taken, size -= taken);
        }
    }
    return 1;
}
