/*
 * Templates. The input is a view, the page and two partials "a" and "b", each ending at a 0x1e
 * byte. Whatever it is, it is refused with a message or rendered within the cap, the same twice.
 */
#include "base/json.h"
#include "base/mustache.h"
#include "fuzz.h"
#include <string.h>

struct part {
    const char *text;
    size_t length;
};

static struct part next_part(const char **at, size_t *left)
{
    const char *end = *left ? memchr(*at, 0x1e, *left) : NULL;
    struct part p = {*at, end ? (size_t)(end - *at) : *left};
    size_t taken = p.length + (end != NULL);
    *at += taken;
    *left -= taken;
    return p;
}

static int render(const struct templates *t, const cJSON *view, struct buf *out)
{
    struct error e = {0};
    buf_init(out, 1 << 14);
    int done = templates_render(t, "page", view, out, &e);
    require(done == 0 ? !out->overflow : e.kind != ERROR_NONE && e.message[0]);
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"page", "a", "b"};
    const char *at = (const char *)data;
    size_t left = size;
    struct part view_text = next_part(&at, &left);
    cJSON *view = json_parse(view_text.text, view_text.length, NULL);
    struct templates *t = templates_create();
    for (size_t i = 0; i < 3; i++) {
        struct error e = {0};
        struct part p = next_part(&at, &left);
        if (templates_add(t, names[i], p.text, p.length, &e) < 0)
            require(!templates_has(t, names[i]) && e.message[0]);
    }
    if (templates_has(t, "page")) {
        struct buf first, second;
        require(render(t, view, &first) == render(t, view, &second));
        require(first.length == second.length);
        require(first.length == 0 || memcmp(first.data, second.data, first.length) == 0);
        buf_free(&first);
        buf_free(&second);
    }
    templates_free(t);
    cJSON_Delete(view);
    return 0;
}
