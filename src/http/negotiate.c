/* What the client would rather have (RFC 9110 §12.5), and who it is. */
#include "http/internal.h"
#include <string.h>
#include <strings.h>

/* The weight of one element in thousandths; 1000 without a q parameter. `s` stands after the type.
 */
static int weight(const char *s, size_t n)
{
    for (size_t i = 0; i + 3 < n; i++) {
        if (s[i] != ';')
            continue;
        size_t k = i + 1;
        while (k < n && (s[k] == ' ' || s[k] == '\t'))
            k++;
        if (k + 2 >= n || (s[k] != 'q' && s[k] != 'Q') || s[k + 1] != '=')
            continue;
        int value = s[k + 2] == '1' ? 1000 : 0, scale = 100;
        if (s[k + 2] == '1' || k + 3 >= n || s[k + 3] != '.')
            return value;
        for (k += 4; k < n && s[k] >= '0' && s[k] <= '9' && scale; k++, scale /= 10)
            value += (s[k] - '0') * scale;
        return value;
    }
    return 1000;
}

/* The weight the header gives to a type; the most exact element decides. -1 when none fits. */
static int weight_of(const char *header, const char *type, const char *family)
{
    int best = -1, exactness = -1;
    for (const char *p = header; *p;) {
        p += strspn(p, " \t,");
        size_t n = strcspn(p, ","), name = strcspn(p, ",; \t");
        int exact = -1;
        if (name == strlen(type) && strncasecmp(p, type, name) == 0)
            exact = 2;
        else if (name == strlen(family) && strncasecmp(p, family, name) == 0)
            exact = 1;
        else if ((name == 3 && strncmp(p, "*/*", 3) == 0) || (name == 1 && *p == '*'))
            exact = 0;
        if (exact > exactness) {
            exactness = exact;
            best = weight(p + name, n - name);
        }
        p += n;
    }
    return best;
}

bool accept_prefers_json(const char *accept)
{
    if (!accept || !strstr(accept, "json"))
        return false; /* browsers: decided without reading the list */
    int html = weight_of(accept, "text/html", "text/*");
    int json = weight_of(accept, "application/json", "application/*");
    int problem = weight_of(accept, "application/problem+json", "application/*");
    return (json > problem ? json : problem) > (html > 0 ? html : 0);
}

bool accept_takes_gzip(const char *accept_encoding)
{
    return accept_encoding && weight_of(accept_encoding, "gzip", "x-gzip") > 0;
}

static bool is_address(const char *s, size_t n)
{
    if (n < 2 || n > 45)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!strchr("0123456789abcdefABCDEF.:", s[i]))
            return false;
    return true;
}

/* The last hop is the one our own proxy saw; the hops before it are what the client claims. Returns
 * a pointer into the header (its tail) or `remote`. */
const char *client_address(const char *remote, const char *forwarded_for, const char *trusted)
{
    if (!forwarded_for || !trusted || !*trusted || strcmp(remote, trusted) != 0)
        return remote;
    const char *last = strrchr(forwarded_for, ',');
    last = last ? last + 1 : forwarded_for;
    last += strspn(last, " \t");
    return is_address(last, strlen(last)) ? last : remote;
}
