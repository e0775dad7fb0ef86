/*
 * Static files: built in, named after their content (so they may be kept for ever), compressed once
 * at start. Looked up by their whole path in a sorted list; nothing touches the file system.
 */
#include "base/buf.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define FOLDER "static/"

struct media_type {
    const char *extension, *type;
    bool compress;
};
static const struct media_type media_types[] = {
    {"css", "text/css; charset=utf-8", true},
    {"js", "text/javascript; charset=utf-8", true},
    {"svg", "image/svg+xml", true},
    {"txt", "text/plain; charset=utf-8", true},
    {"json", "application/json", true},
    {"webmanifest", "application/manifest+json", true},
    {"png", "image/png", false},
    {"ico", "image/vnd.microsoft.icon", false},
    {"woff2", "font/woff2", false},
};

static const struct media_type *media_type(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof media_types / sizeof *media_types; i++)
        if (strcmp(dot + 1, media_types[i].extension) == 0)
            return &media_types[i];
    return NULL;
}

/* gzip (RFC 1952) at the highest level; NULL when that is no smaller. */
static unsigned char *compress_gzip(const unsigned char *data, size_t n, size_t *out_n)
{
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    uLong bound = deflateBound(&z, n);
    unsigned char *out = memory_alloc(bound);
    z.next_in = (unsigned char *)(uintptr_t)data;
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = (uInt)bound;
    int result = deflate(&z, Z_FINISH);
    *out_n = z.total_out;
    deflateEnd(&z);
    if (result == Z_STREAM_END && *out_n < n)
        return out;
    free(out);
    return NULL;
}

/* "answers.js" is {{page.site.asset.answers_js}} in a template. */
static const char *template_key(struct arena *a, const char *name)
{
    char *key = arena_strdup(a, name);
    for (char *p = key; *p; p++)
        if (*p == '.' || *p == '/' || *p == '-')
            *p = '_';
    return key;
}

/*
 * A module names its neighbors as files: from "./outbox.js" becomes from "/static/outbox.HASH.js",
 * so it is added after those it imports. NULL when one of them is not there yet.
 */
static const unsigned char *link_module(const struct assets *as, const unsigned char *data,
                                        size_t *n)
{
    static const char mark[] = "from \"./";
    const char *from = (const char *)data, *at;
    if (!strstr(from, mark))
        return data;
    struct buf out;
    buf_init(&out, *n * 4);
    bool found = true;
    while (found && (at = strstr(from, mark))) {
        const char *name = at + sizeof mark - 1, *end = strchr(name, '"');
        const char *url =
            end ? assets_url(as, arena_strndup(as->arena, name, (size_t)(end - name))) : "";
        found = *url != 0;
        buf_append(&out, from, (size_t)(at - from));
        buf_printf(&out, "from \"%s", url);
        from = found ? end : from;
    }
    buf_puts(&out, from);
    const char *linked = found ? arena_strndup(as->arena, out.data, out.length) : NULL;
    *n = found ? out.length : *n;
    buf_free(&out);
    return (const unsigned char *)linked;
}

static int add(struct assets *as, const char *name, const unsigned char *data, size_t n,
               struct error *e)
{
    const struct media_type *type = media_type(name);
    uint8_t hash[HASH_BYTES];
    if (!type)
        return error_set(e, ERROR_INTERNAL, "static/%s: its kind is not known here", name);
    hash_blake2b(data, n, hash);
    struct asset *asset = &as->list[as->count++];
    const char *dot = strrchr(name, '.');
    asset->name = arena_strdup(as->arena, name);
    asset->etag = hex_encode(as->arena, hash, 8);
    asset->url =
        arena_printf(as->arena, "/static/%.*s.%s%s", (int)(dot - name), name, asset->etag, dot);
    asset->key = template_key(as->arena, name);
    asset->type = type->type;
    asset->data = data;
    asset->length = n;
    if (type->compress)
        asset->gzip = compress_gzip(data, n, &asset->gzip_length);
    return 0;
}

/* Counts in *left what has to wait for another file. */
static int add_file(struct assets *as, const struct embedded_file *f, size_t *left, struct error *e)
{
    const char *name = f->path + sizeof FOLDER - 1;
    if (!text_starts(f->path, FOLDER) || strcmp(name, "accent.css") == 0 || *assets_url(as, name))
        return 0;
    size_t n = f->length;
    const struct media_type *type = media_type(name);
    const unsigned char *data =
        type && strcmp(type->extension, "js") == 0 ? link_module(as, f->data, &n) : f->data;
    *left += !data;
    return data ? add(as, name, data, n, e) : 0;
}

/* The site's two accent colours, as a stylesheet: the policy allows no inline style. */
static int add_accent(struct assets *as, const struct settings *s, struct error *e)
{
    if (!s->accent_light || !s->accent_dark)
        return 0;
    const char *css = arena_printf(as->arena,
                                   ":root{--accent:%s}\n"
                                   "@media (prefers-color-scheme:dark){:root{--accent:%s}}\n",
                                   s->accent_light, s->accent_dark);
    return add(as, "accent.css", (const unsigned char *)css, strlen(css), e);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct asset *)a)->url, ((const struct asset *)b)->url);
}

int assets_build(struct assets *as, const struct server_options *o, struct error *e)
{
    as->arena = arena_create();
    as->list = memory_array(o->file_count + 1, sizeof *as->list);
    size_t before, left;
    do { /* until all imports are there */
        before = as->count;
        left = 0;
        for (size_t i = 0; i < o->file_count; i++)
            if (add_file(as, &o->files[i], &left, e))
                return -1;
    } while (left > 0 && as->count > before);
    if (left > 0)
        return error_set(e, ERROR_INTERNAL, "a module in static/ imports what is not there");
    if (add_accent(as, o->settings, e))
        return -1;
    qsort(as->list, as->count, sizeof *as->list, compare);
    return 0;
}

void assets_free(struct assets *as)
{
    for (size_t i = 0; i < as->count; i++)
        free(as->list[i].gzip);
    free(as->list);
    arena_free(as->arena);
    memset(as, 0, sizeof *as);
}

const struct asset *assets_find_url(const struct assets *as, const char *path)
{
    struct asset key = {.url = path};
    return as->count ? bsearch(&key, as->list, as->count, sizeof key, compare) : NULL;
}

const char *assets_url(const struct assets *as, const char *name)
{
    for (size_t i = 0; i < as->count; i++)
        if (strcmp(as->list[i].name, name) == 0)
            return as->list[i].url;
    return "";
}
