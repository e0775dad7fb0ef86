/* PNG (ISO/IEC 15948): a walk over every chunk, each whole and with its right CRC. */
#include "credential/open.h"
#include <string.h>
#include <zlib.h>

#define MOST_CHUNKS 20000
#define KEYWORD     "openbadgecredential"
#define KEYWORD_1_2 "openbadges" /* Open Badges 1 and 2 */

static const char signature[8] = "\x89PNG\r\n\x1A\n";

struct chunk {
    char type[5];
    const char *data;
    size_t length;
};

static uint32_t number(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int damaged(struct error *e)
{
    return error_set(e, ERROR_INVALID,
                     "This picture is damaged or not complete. Download it again and check the "
                     "whole file.");
}

/* The chunk at *at, which moves behind it. */
static int next_chunk(const char *bytes, size_t n, size_t *at, struct chunk *out)
{
    if (n - *at < 12)
        return -1;
    const char *head = bytes + *at;
    size_t length = number(head);
    if (length > n - *at - 12)
        return -1;
    if (crc32(crc32(0, NULL, 0), (const Bytef *)head + 4, (uInt)(length + 4)) !=
        number(head + 8 + length))
        return -1;
    memcpy(out->type, head + 4, 4);
    out->type[4] = '\0';
    out->data = head + 8;
    out->length = length;
    *at += 12 + length;
    return 0;
}

static bool is_text(const struct chunk *c)
{
    return !strcmp(c->type, "iTXt") || !strcmp(c->type, "tEXt") || !strcmp(c->type, "zTXt");
}

static bool has_keyword(const struct chunk *c, const char *keyword)
{
    size_t length = strlen(keyword) + 1; /* with the NUL that ends it */
    return c->length >= length && memcmp(c->data, keyword, length) == 0;
}

/* Behind the keyword: compression flag and method, language NUL, translated keyword NUL, text.
 * Baking leaves all of them empty. */
static int take_text(const struct chunk *c, struct opened *out, struct error *e)
{
    static const char plain[4] = {0};
    size_t head = sizeof KEYWORD + sizeof plain;
    if (strcmp(c->type, "iTXt") != 0 || c->length < head ||
        memcmp(c->data + sizeof KEYWORD, plain, sizeof plain) != 0)
        return error_set(e, ERROR_INVALID,
                         "This picture holds a certificate in a packed form that is not allowed. "
                         "Ask for the picture as it was downloaded.");
    if (c->length - head >= 3 && memcmp(c->data + head, "eyJ", 3) == 0)
        return error_set(e, ERROR_NOT_FOUND,
                         "This picture holds a badge in another form (a signed token), as other "
                         "systems issue it. It cannot be checked here; ask who issued it.");
    out->credential = c->data + head;
    out->credential_length = c->length - head;
    return 0;
}

struct walk {
    struct chunk found;
    int candidates;
    bool earlier_badge;
};

static int walk_chunks(const char *bytes, size_t n, struct walk *w)
{
    struct chunk c = {0};
    size_t at = sizeof signature;
    for (int count = 0; strcmp(c.type, "IEND") != 0; count++) {
        if (count == MOST_CHUNKS || next_chunk(bytes, n, &at, &c) != 0)
            return -1;
        if ((count == 0) != (strcmp(c.type, "IHDR") == 0) || (count == 0 && c.length != 13))
            return -1;
        if (is_text(&c) && has_keyword(&c, KEYWORD)) {
            w->found = c;
            w->candidates++;
        }
        if (is_text(&c) && has_keyword(&c, KEYWORD_1_2))
            w->earlier_badge = true;
    }
    return c.length == 0 && at == n ? 0 : -1;
}

int credential_open_png(const char *bytes, size_t n, struct arena *a, struct opened *out,
                        struct error *e)
{
    struct walk w = {0};
    (void)a;
    out->kind = FILE_PNG;
    if (n < sizeof signature || memcmp(bytes, signature, sizeof signature) != 0 ||
        walk_chunks(bytes, n, &w) != 0)
        return damaged(e);
    if (w.candidates > 1)
        return error_set(e, ERROR_INVALID,
                         "This picture holds more than one certificate. A genuine one holds one: "
                         "ask for the picture as it was downloaded.");
    if (w.candidates == 1)
        return take_text(&w.found, out, e);
    return error_set(
        e, ERROR_NOT_FOUND, "%s",
        w.earlier_badge
            ? "This picture holds a badge of an earlier kind (Open Badges 1 or 2), as other "
              "systems issue it. It cannot be checked here; ask who issued it."
            : "This picture holds no certificate. A screenshot or a picture that was saved "
              "again loses it: ask for the file that was downloaded, or type the code printed "
              "on it.");
}
