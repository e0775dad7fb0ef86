/*
 * Answers in pieces: chunked coding (RFC 9112 §7.1), each chunk's frame and bytes in one write. The
 * workspace's buffer collects them, so memory does not grow with the rows.
 */
#include "http/internal.h"
#include <stdio.h>
#include <string.h>

#define PIECE ((size_t)32 * 1024)

static bool is_chunked(const struct exchange *x)
{
    return x->info->http_version && strcmp(x->info->http_version, "1.1") == 0;
}

int response_stream_begin(struct request *rq, const char *content_type, const char *filename,
                          struct error *e)
{
    struct exchange *x = rq->exchange;
    if (atomic_fetch_add(&x->server->streams, 1) >= STREAMS_MAX) {
        atomic_fetch_sub(&x->server->streams, 1);
        return error_set(e, ERROR_BUSY,
                         "Two exports are being made right now. Try again in a moment.");
    }
    answer_begin(x, 200, content_type);
    x->filename = filename ? arena_strdup(rq->arena, filename) : NULL;
    x->answer = ANSWER_STREAMING;
    x->personal = true;
    if (!is_chunked(x))
        x->close = true;
    struct buf *head = &x->space->head;
    answer_head(x, is_chunked(x), 0, head);
    if (answer_write(x, head->data, head->length))
        x->stream_broken = -1;
    return 0;
}

/* The chunk's size line goes into the empty room in front of the bytes. */
static void flush(struct exchange *x)
{
    struct buf *out = &x->space->out;
    size_t n = out->length - HEAD_ROOM;
    char size[32] = "";
    int digits = 0;
    if (!n || x->stream_broken || x->guard.head)
        goto out;
    if (is_chunked(x)) {
        digits = snprintf(size, sizeof size, "%zx\r\n", n);
        buf_append(out, "\r\n", 2);
    }
    char *start = out->data + HEAD_ROOM - digits;
    memcpy(start, size, (size_t)digits);
    if (answer_write(x, start, (size_t)(out->data + out->length - start)))
        x->stream_broken = -1;
    x->sent += n;
out:
    out->length = HEAD_ROOM;
}

int response_stream_write(struct request *rq, const void *data, size_t n)
{
    struct exchange *x = rq->exchange;
    const char *p = data;
    while (n && !x->stream_broken) {
        size_t room = PIECE - (x->space->out.length - HEAD_ROOM), take = n < room ? n : room;
        buf_append(&x->space->out, p, take);
        p += take;
        n -= take;
        if (take == room)
            flush(x);
    }
    return x->stream_broken;
}

int response_stream_end(struct request *rq)
{
    struct exchange *x = rq->exchange;
    if (x->answer != ANSWER_STREAMING)
        return 0;
    flush(x);
    if (is_chunked(x) && !x->stream_broken && !x->guard.head)
        answer_write(x, "0\r\n\r\n", 5);
    if (x->stream_broken)
        mg_disable_keep_alive(x->mg);
    atomic_fetch_sub(&x->server->streams, 1);
    x->answer = ANSWER_SENT;
    return 0;
}
