/*
 * A form with a file from outside. The input is the Content-Type, a line end, and the body. What is
 * read lies within the body, and names are text; written out again it reads as the same.
 */
#include "base/buf.h"
#include "base/text.h"
#include "fuzz.h"
#include "http/internal.h"
#include "http/multipart.h"
#include <stdlib.h>
#include <string.h>

/* A boundary that no part holds. */
static const char *boundary_for(struct arena *a, const struct multipart *form)
{
    for (int n = 0;; n++) {
        const char *boundary = arena_printf(a, "b%d", n);
        size_t i = 0;
        while (i < form->count &&
               !(form->parts[i].size &&
                 memmem(form->parts[i].data, form->parts[i].size, boundary, strlen(boundary))))
            i++;
        if (i == form->count)
            return boundary;
    }
}

static void round_trip(struct arena *a, const struct multipart *form)
{
    struct multipart *again = arena_alloc(a, sizeof *again);
    const char *boundary = boundary_for(a, form);
    struct refusal r;
    struct buf b;
    buf_init(&b, (size_t)1 << 22);
    for (size_t i = 0; i < form->count; i++) {
        const struct part *p = &form->parts[i];
        if (strpbrk(p->name, "\"\\%") || (p->filename && strpbrk(p->filename, "\"\\%")))
            goto out;
        buf_printf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, p->name);
        if (p->filename)
            buf_printf(&b, "; filename=\"%s\"", p->filename);
        buf_puts(&b, "\r\n\r\n");
        buf_append(&b, p->data, p->size);
        buf_puts(&b, "\r\n");
    }
    buf_printf(&b, "--%s--\r\n", boundary);
    require(multipart_read(again, a, arena_printf(a, "multipart/form-data; boundary=%s", boundary),
                           b.data, b.length, &r) == 0);
    require(again->count == form->count);
    for (size_t i = 0; i < form->count; i++) {
        require(again->parts[i].size == form->parts[i].size);
        require(memcmp(again->parts[i].data, form->parts[i].data, form->parts[i].size) == 0);
        require(strcmp(again->parts[i].name, form->parts[i].name) == 0);
        require(text_equal(again->parts[i].filename, form->parts[i].filename));
    }
out:
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    if (!line || size > 65536)
        return 0;
    struct arena *a = arena_create();
    struct multipart *form = arena_alloc(a, sizeof *form);
    struct refusal r = {0};
    const char *type = arena_strndup(a, (const char *)data, (size_t)(line - data));
    size_t n = size - (size_t)(line + 1 - data);
    char *body = malloc(n ? n : 1); /* exactly so long: one byte beyond is seen */
    require(body != NULL);
    memcpy(body, line + 1, n);
    if (multipart_read(form, a, type, body, n, &r)) {
        require(r.status == 400 && r.message[0]);
    } else {
        require(form->count <= MULTIPART_PARTS);
        for (size_t i = 0; i < form->count; i++) {
            const struct part *p = &form->parts[i];
            require(p->data >= body && p->data + p->size <= body + n);
            require(*p->name && text_is_line(p->name, strlen(p->name)));
            require(!p->filename || (text_is_line(p->filename, strlen(p->filename)) &&
                                     !strpbrk(p->filename, "/\\")));
        }
        round_trip(a, form);
    }
    free(body);
    arena_free(a);
    return 0;
}
