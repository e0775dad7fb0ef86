#include "base/settings_checks.h"
#include "base/encode.h"
#include "base/instant.h"
#include "base/text.h"
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LARGEST_LOGO (1L << 20)
#define MOST_PIXELS  2000

__attribute__((format(printf, 2, 3))) static const char *refuse(struct error *e, const char *format,
                                                                ...)
{
    va_list ap;
    char message[256];
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    error_set(e, ERROR_INVALID, "%s", message);
    return NULL;
}

static const char *check_text(struct arena *a, const char *value, size_t least, size_t most,
                              struct error *e)
{
    size_t n = strlen(value);
    if (!text_is_line(value, n))
        return refuse(e, "write one line of UTF-8 text");
    if (n < least)
        return refuse(e, "it may not be empty");
    if (n > most)
        return refuse(e, "at most %zu bytes, not %zu", most, n);
    return arena_strdup(a, value);
}

const char *check_folder(struct arena *a, const char *value, struct error *e)
{
    return check_text(a, value, 1, 1024, e);
}

const char *check_line(struct arena *a, const char *value, struct error *e)
{
    return check_text(a, value, 1, 200, e);
}

const char *check_optional_line(struct arena *a, const char *value, struct error *e)
{
    return check_text(a, value, 0, 500, e);
}

const char *check_optional_name(struct arena *a, const char *value, struct error *e)
{
    return check_text(a, value, 0, 120, e);
}

const char *check_paper(struct arena *a, const char *value, struct error *e)
{
    if (text_equal(value, "letter") || text_equal(value, "a4"))
        return arena_strdup(a, value);
    return refuse(e, "write letter or a4, not \"%.80s\"", value);
}

/* The file's first bytes: signature and header, width and height in network order (PNG §11.2.2). */
const char *check_logo(struct arena *a, const char *value, struct error *e)
{
    static const char signature[16] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR";
    char begin[24];
    uint32_t width, height;
    if (!*value)
        return arena_strdup(a, value);
    FILE *f = fopen(value, "rb");
    if (!f)
        return refuse(e, "%.120s cannot be opened: %s", value, strerror(errno));
    size_t n = fread(begin, 1, sizeof begin, f);
    long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    fclose(f);
    if (n < sizeof begin || memcmp(begin, signature, sizeof signature) != 0)
        return refuse(e, "%.120s is not a PNG picture: save the logo as PNG", value);
    if (size < 0 || size > LARGEST_LOGO)
        return refuse(e, "%.120s is larger than 1 MB: save the logo smaller", value);
    memcpy(&width, begin + 16, sizeof width);
    memcpy(&height, begin + 20, sizeof height);
    width = ntohl(width);
    height = ntohl(height);
    if (width < 1 || width > MOST_PIXELS || height < 1 || height > MOST_PIXELS)
        return refuse(e, "%.120s is %u by %u pixels: at most %d by %d", value, width, height,
                      MOST_PIXELS, MOST_PIXELS);
    return arena_strdup(a, value);
}

const char *check_listen(struct arena *a, const char *value, struct error *e)
{
    char host[INET_ADDRSTRLEN];
    struct in_addr address;
    int64_t port;
    const char *colon = strrchr(value, ':');
    size_t n = colon ? (size_t)(colon - value) : sizeof host;
    if (n < sizeof host) {
        memcpy(host, value, n);
        host[n] = '\0';
        if (inet_pton(AF_INET, host, &address) == 1 && text_to_int64(colon + 1, 1, 65535, &port))
            return arena_strdup(a, value);
    }
    return refuse(e, "write an IPv4 address and a port, such as 127.0.0.1:8080, not \"%.80s\"",
                  value);
}

/* Labels of letters, digits and inner hyphens, separated by single dots (RFC 1123 §2.1). */
static bool is_host(const char *s, size_t n)
{
    if (n == 0 || n > 253)
        return false;
    for (size_t i = 0; i < n; i++) {
        bool edge = i == 0 || i + 1 == n || s[i - 1] == '.' || s[i + 1] == '.';
        bool alphanumeric = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9');
        if (!alphanumeric && (edge || (s[i] != '-' && s[i] != '.')))
            return false;
    }
    return true;
}

const char *check_origin(struct arena *a, const char *value, struct error *e)
{
    static const char scheme[] = "https://";
    const char *lower = text_lower_ascii(a, value);
    if (!text_starts(lower, scheme))
        return refuse(e, "write https://HOST, not \"%.80s\"", value);
    const char *host = lower + strlen(scheme);
    size_t n = strcspn(host, ":/?#");
    if (!is_host(host, n))
        return refuse(e, "\"%.80s\" has no host name: write https://HOST or https://HOST:PORT",
                      value);
    if (host[n] == '\0')
        return lower;
    int64_t port;
    if (host[n] != ':')
        return refuse(e, "write it without \"%.80s\": an origin has no path", host + n);
    if (!text_to_int64(host + n + 1, 1, 65535, &port))
        return refuse(e, "\"%.80s\" is not a port: write it as https://HOST:PORT and nothing after",
                      host + n + 1);
    return port == 443 ? arena_strndup(a, lower, strlen(scheme) + n) : lower;
}

const char *check_zone(struct arena *a, const char *value, struct error *e)
{
    struct zone *zone = zone_create(value, e);
    if (!zone)
        return NULL;
    zone_free(zone);
    return arena_strdup(a, value);
}

/* Relative luminance, WCAG 2.2. */
static double luminance(const uint8_t rgb[3])
{
    static const double weight[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double c = rgb[i] / 255.0;
        sum += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(const uint8_t a[3], const uint8_t b[3])
{
    double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static const char *check_accent(struct arena *a, const char *value, const char *paper,
                                struct error *e)
{
    uint8_t ours[3], behind[3];
    if (value[0] != '#' || !hex_decode(value + 1, ours, 3))
        return refuse(e, "write a color as #rrggbb, not \"%.80s\"", value);
    hex_decode(paper + 1, behind, 3);
    double found = contrast(ours, behind);
    if (found < 4.5) /* shown rounded down, so that 4.499 does not read as 4.50 */
        return refuse(e, "%s on %s has a contrast of %.2f: text needs 4.5 or more", value, paper,
                      floor(found * 100) / 100);
    return text_lower_ascii(a, value);
}

const char *check_accent_light(struct arena *a, const char *value, struct error *e)
{
    return check_accent(a, value, "#ffffff", e);
}

const char *check_accent_dark(struct arena *a, const char *value, struct error *e)
{
    return check_accent(a, value, "#11181f", e);
}

const char *check_proxy(struct arena *a, const char *value, struct error *e)
{
    struct in6_addr address; /* large enough for either family */
    if (value[0] && inet_pton(AF_INET, value, &address) != 1 &&
        inet_pton(AF_INET6, value, &address) != 1)
        return refuse(e, "write one IP address, such as 127.0.0.1, not \"%.80s\"", value);
    return arena_strdup(a, value);
}
