/*
 * Reading a body. mg_read blocks until it has every byte it was asked for and starts its patience
 * anew with each byte, so a client that trickles would hold a worker for ever. Hence byte by byte
 * (which costs nothing for what came with the head), in bulk once the system says how much has
 * arrived, and against a deadline and a least rate.
 */
#include "base/json.h"
#include "http/internal.h"
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define BURST        64
#define GRACE_US     3000000 /* after this the least rate counts */
#define LEAST_RATE   256     /* bytes per second: a body arrives, or it does not */
#define LINGER_US    300000
#define LINGER_BYTES ((size_t)1024 * 1024)

bool media_type_is(const char *value, const char *type)
{
    size_t n = strlen(type);
    if (!value || strncasecmp(value, type, n) != 0)
        return false;
    return value[n] == 0 || value[n] == ';' || value[n] == ' ' || value[n] == '\t';
}

/* An upload, whose sender is known, has as much longer as its size takes on a slow line. */
static int64_t patience(const struct exchange *x, size_t n)
{
    bool upload = x->row->route->flags & ROUTE_UPLOAD;
    return DEADLINE_BODY_US + (upload ? (int64_t)n * 1000000 / UPLOAD_RATE : 0);
}

static bool too_slow(int64_t started, size_t got, int64_t patience_us)
{
    int64_t elapsed = clock_monotonic_us() - started;
    return elapsed > patience_us ||
           (elapsed > GRACE_US && (int64_t)got < LEAST_RATE * (elapsed / 1000000));
}

static int arrived(int fd)
{
    int n = 0;
    return fd >= 0 && ioctl(fd, FIONREAD, &n) == 0 ? n : 0;
}

static int connection_socket(const struct exchange *x)
{
    return socket_connected_to(x->info->remote_addr, x->info->remote_port, x->server->port);
}

/* 0 with all n bytes, or -1. */
static int receive(struct exchange *x, char *out, size_t n)
{
    int64_t started = clock_monotonic_us(), patience_us = patience(x, n);
    size_t got = 0;
    int fd = -1;
    bool looked = false;
    while (got < n) {
        for (int i = 0; i < BURST && got < n; i++) {
            if (mg_read(x->mg, out + got, 1) != 1)
                return -1;
            got++;
            if (too_slow(started, got, patience_us))
                return -1;
        }
        if (got < n && !looked) {
            fd = connection_socket(x);
            looked = true;
        }
        int ready = got < n ? arrived(fd) : 0;
        if (ready <= 0)
            continue;
        size_t want = (size_t)ready < n - got ? (size_t)ready : n - got;
        int r = mg_read(x->mg, out + got, want);
        if (r <= 0)
            return -1;
        got += (size_t)r;
    }
    return 0;
}

static int read_json(struct exchange *x, struct refusal *r)
{
    struct error e = {0};
    x->json = json_parse(x->body, x->body_length, &e);
    return x->json ? 0 : refuse(r, 400, false, e.message);
}

int body_read(struct exchange *x, struct refusal *r)
{
    const struct route *route = x->row->route;
    size_t n = x->guard.content_length, max = route->body_max ? route->body_max : BODY_MAX_DEFAULT;
    x->body = "";
    if (!n)
        return 0;
    if (n > max)
        return refuse(r, 413, true, "What was sent is larger than this page takes.");
    bool json = media_type_is(x->headers.content_type, "application/json");
    x->multipart = (route->flags & ROUTE_UPLOAD) &&
                   media_type_is(x->headers.content_type, "multipart/form-data");
    if (!json && !x->multipart &&
        !media_type_is(x->headers.content_type, "application/x-www-form-urlencoded"))
        return refuse(r, 415, true,
                      "This takes application/x-www-form-urlencoded or application/json.");
    if (x->headers.expect) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        if (strcasecmp(x->headers.expect, "100-continue") != 0)
            return refuse(r, 417, true, "Only 'Expect: 100-continue' is understood.");
        mg_write(x->mg, go_on, sizeof go_on - 1);
    }
    /* Bodies arrive at once, so many on their way are clients that hold workers: half are enough.
     */
    atomic_int *bodies = &x->server->bodies;
    char *body = arena_alloc(x->rq.arena, n + 1);
    bool crowded = atomic_fetch_add(bodies, 1) >= (x->server->workers + 1) / 2;
    int result = crowded ? refuse(r, 503, true, "The server has more to do than it can.")
                 : receive(x, body, n)
                     ? refuse(r, 408, true, "The rest of what you sent did not arrive in time.")
                     : 0;
    atomic_fetch_sub(bodies, 1);
    if (result)
        return -1;
    body[n] = 0;
    x->body = body;
    x->body_length = n;
    return json ? read_json(x, r) : 0;
}

/* Closing a socket with unread bytes resets it, and the client may lose the answer. So: end our
 * side, read on for a moment, then let civetweb close. */
void body_linger(struct exchange *x)
{
    if (!x->guard.content_length && !x->headers.transfer_encoding && !x->headers.content_length)
        return;
    int fd = connection_socket(x);
    int64_t until = clock_monotonic_us() + LINGER_US;
    size_t total = 0;
    if (fd < 0 || shutdown(fd, SHUT_WR))
        return;
    for (;;) {
        char waste[2048];
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int64_t left = until - clock_monotonic_us();
        if (left <= 0 || total > LINGER_BYTES || poll(&p, 1, (int)(left / 1000) + 1) <= 0)
            return;
        ssize_t n = recv(fd, waste, sizeof waste, MSG_DONTWAIT);
        if (n <= 0)
            return;
        total += (size_t)n;
    }
}
