/* Request headers: one pass, known names into a struct, everything else only checked. */
#include "http/internal.h"
#include <string.h>
#include <strings.h>

struct known {
    const char *name;
    size_t length, offset;
    bool once;
};
#define KNOWN(text, member, single)                                                                \
    {                                                                                              \
        text, sizeof text - 1, offsetof(struct headers, member), single                            \
    }
static const struct known known_headers[] = {
    KNOWN("Host", host, true),
    KNOWN("Accept", accept, false),
    KNOWN("Cookie", cookie, true),
    KNOWN("Origin", origin, true),
    KNOWN("Expect", expect, true),
    KNOWN("Referer", referer, false),
    KNOWN("Upgrade", upgrade, false),
    KNOWN("Connection", connection, false),
    KNOWN("Content-Type", content_type, true),
    KNOWN("X-Form-Token", form_token, true),
    KNOWN("If-None-Match", if_none_match, true),
    KNOWN("Content-Length", content_length, true),
    KNOWN("Sec-Fetch-Site", sec_fetch_site, true),
    KNOWN("Accept-Encoding", accept_encoding, false),
    KNOWN("X-Forwarded-For", forwarded_for, false), /* the last one counts: the nearest proxy's */
    KNOWN("X-Requested-With", requested_with, false),
    KNOWN("Transfer-Encoding", transfer_encoding, true),
};

/* RFC 9110 §5.6.2 */
static bool is_token_byte(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool name_is_token(const char *s, size_t *length)
{
    const char *p = s;
    while (is_token_byte((unsigned char)*p))
        p++;
    *length = (size_t)(p - s);
    return *p == 0 && p != s;
}

static bool value_is_clean(const char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

/*
 * civetweb takes "Content-Length : 5", which other readers drop or refuse. It cuts the name in
 * place, so the bytes between name and value still tell: only blanks may stand behind the colon's
 * place.
 */
static bool colon_follows(const char *name, size_t length, const char *value)
{
    for (const char *p = name + length + 1; p < value; p++)
        if (*p != ' ' && *p != '\t')
            return false;
    return true;
}

void headers_read(struct headers *h, const struct mg_header *list, int n, bool in_place)
{
    memset(h, 0, sizeof *h);
    h->count = n > 0 ? (unsigned)n : 0;
    for (int i = 0; i < n; i++) {
        const char *name = list[i].name, *value = list[i].value ? list[i].value : "";
        size_t length;
        if (!name || !name_is_token(name, &length) || !value_is_clean(value) ||
            (in_place && list[i].value && !colon_follows(name, length, value))) {
            h->malformed = true;
            continue;
        }
        for (size_t k = 0; k < sizeof known_headers / sizeof *known_headers; k++) {
            const struct known *known = &known_headers[k];
            if (known->length != length || strncasecmp(known->name, name, length) != 0)
                continue;
            const char **slot = (const char **)(void *)((char *)h + known->offset);
            if (*slot && known->once)
                h->repeated = known->name;
            else
                *slot = value;
            break;
        }
    }
}

bool header_lists(const char *value, const char *token)
{
    size_t n = strlen(token);
    while (value && *value) {
        value += strspn(value, " \t,");
        size_t length = strcspn(value, " \t,;");
        if (length == n && strncasecmp(value, token, n) == 0)
            return true;
        value += strcspn(value, ",");
    }
    return false;
}
