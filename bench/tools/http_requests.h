/* What is to be sent, from a file: each request as a line with its size in bytes, and the bytes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    char *bytes;
    size_t size;
} Request;

static Request *requests;
static long count;

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void read_requests(const char *path)
{
    FILE *file = fopen(path, "r");
    size_t size;
    if (!file) die(path);
    for (long space = 0; fscanf(file, "%zu", &size) == 1 && fgetc(file) == '\n'; count++) {
        if (count == space) requests = realloc(requests, (space = 2 * space + 64) * sizeof *requests);
        requests[count] = (Request){malloc(size), size};
        if (fread(requests[count].bytes, 1, size, file) != size) die(path);
    }
    fclose(file);
    errno = ENODATA;
    if (!count) die(path);
}
