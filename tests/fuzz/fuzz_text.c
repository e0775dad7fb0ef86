/* Everything else that reads text from outside: it is refused, or it comes back as it went in. */
#include "base/encode.h"
#include "base/instant.h"
#include "base/text.h"
#include "fuzz.h"
#include <string.h>

static void utf8(const char *s, size_t n)
{
    struct buf out;
    buf_init(&out, SIZE_MAX);
    bool good = text_is_utf8(s, n);
    require(good == (text_utf8_prefix(s, n) == n));
    require(!text_is_line(s, n) || (good && text_is_block(s, n) && !memchr(s, '\n', n)));
    uint32_t c;
    for (const char *p = s; (c = text_next(&p)) != 0;)
        text_put_utf8(&out, c);
    require(!good || strlen(s) < n || (out.length == n && (n == 0 || !memcmp(out.data, s, n))));
    require(text_is_utf8(out.data ? out.data : "", out.length));
    buf_free(&out);
}

static void percent(struct arena *a, const char *s, size_t n)
{
    size_t length = 0, again = 0;
    char *plain = text_percent_decode(a, s, n, false, &length);
    text_percent_decode(a, s, n, true, &again);
    if (!plain || strlen(plain) < length)
        return;
    const char *encoded = text_percent_encode(a, plain, false);
    const char *back = text_percent_decode(a, encoded, strlen(encoded), true, &again);
    require(back && again == length && memcmp(back, plain, length) == 0);
}

static void encodings(struct arena *a, const char *s, size_t n)
{
    size_t length = 0;
    uint8_t *bytes = base64url_decode(a, s, n, &length), sixteen[16];
    char canonical[27];
    if (bytes) {
        const char *back = base64url_encode(a, bytes, length);
        require(strlen(back) == n && memcmp(back, s, n) == 0);
    }
    bytes = base58_decode(a, s, n, &length);
    if (bytes) {
        const char *back = base58_encode(a, bytes, length);
        require(strlen(back) == n && memcmp(back, s, n) == 0);
    }
    if (crockford_decode(s, sixteen)) {
        uint8_t again[16];
        crockford_encode(sixteen, canonical);
        require(crockford_decode(canonical, again) && memcmp(again, sixteen, 16) == 0);
    }
}

static void times(const char *s)
{
    instant at, again;
    char text[28];
    if (!instant_parse(s, &at) && !instant_parse_date(s, &at))
        return;
    instant_rfc3339_us(at, text);
    /* an offset can carry the first and last day out of the years 1 to 9999 */
    bool inside = at >= -62135596800 * INSTANT_SECOND && at < 253402300800 * INSTANT_SECOND;
    require(instant_parse(text, &again) && (!inside || again == at));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    const char *s = arena_memdup(a, data, size);
    int64_t number;
    struct buf out;
    buf_init(&out, SIZE_MAX);
    utf8(s, size);
    percent(a, s, size);
    encodings(a, s, size);
    times(s);
    if (text_to_int64(s, INT64_MIN, INT64_MAX, &number))
        require(strcmp(arena_printf(a, "%lld", (long long)number), s) == 0);
    text_escape_html(&out, s, size);
    require(!out.data || !strpbrk(out.data, "<>\"'"));
    text_put_csv(&out, s);
    require(text_distance(s, text_trim(a, s)) <= 64);
    buf_free(&out);
    arena_free(a);
    return 0;
}
