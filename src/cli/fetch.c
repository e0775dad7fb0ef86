#include "cli/fetch.h"
#include "base/buf.h"
#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MAX_BYTES 200

/* What a person can do about it; what is not here is said in libcurl's words. */
static const struct {
    CURLcode code;
    const char *words;
} reasons[] = {
    {CURLE_COULDNT_RESOLVE_HOST,
     "no host of this name was found; check its spelling and this machine's network"},
    {CURLE_COULDNT_CONNECT,
     "nothing answers there; check host and port and this machine's network, or try again later"},
    {CURLE_OPERATION_TIMEDOUT, "no whole answer came within 10 seconds; try again later"},
    {CURLE_PEER_FAILED_VERIFICATION,
     "its TLS certificate is not for this host, or not from an authority that this machine "
     "trusts; if the authority is your own, set SSL_CERT_FILE to its certificate"},
    {CURLE_SSL_CACERT_BADFILE, "the certificates of the authorities cannot be read; install "
                               "ca-certificates, or set SSL_CERT_FILE to a file that can be read"},
    {CURLE_SSL_CONNECT_ERROR,
     "no TLS connection could be made; check the port: only https is ever asked"},
};

static const char *reason(CURLcode code)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].code == code)
            return reasons[i].words;
    return curl_easy_strerror(code);
}

static size_t take(char *bytes, size_t size, size_t count, void *body)
{
    buf_append(body, bytes, size * count);
    return ((struct buf *)body)->overflow ? 0 : size * count;
}

/* libcurl reads SSL_CERT_FILE in its own tool only. When it is set, it alone counts. */
static bool set_authorities(CURL *curl)
{
    const char *file = getenv("SSL_CERT_FILE");
    if (!file || !*file)
        return true;
    return curl_easy_setopt(curl, CURLOPT_CAINFO, file) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK;
}

/* An option that cannot be set must not be done without. */
static bool set_options(CURL *curl, const char *url, struct buf *body)
{
    curl_off_t max = (curl_off_t)body->max;
    return curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK && /* none of the environment's */
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_USERAGENT, "understory") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT, FETCH_SECONDS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, max) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, body) == CURLE_OK && set_authorities(curl);
}

static int get(CURL *curl, const char *url, struct buf *body, struct error *e)
{
    long status = 0;
    CURLcode code = curl_easy_perform(curl);
    if (body->overflow || code == CURLE_FILESIZE_EXCEEDED)
        return error_set(e, ERROR_TOO_LARGE,
                         "%s was refused: it is larger than %zu KiB; ask the host's administrator",
                         url, body->max >> 10);
    if (code != CURLE_OK)
        return error_set(e, ERROR_IO, "%s was not fetched: %s", url, reason(code));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 300 && status < 400)
        return error_set(e, ERROR_INVALID,
                         "%s was refused: it is a redirect, and none is followed, since only this "
                         "host can speak for itself; ask the host's administrator",
                         url);
    if (status != 200)
        return error_set(e, ERROR_INVALID,
                         "%s was not fetched: the host answers %ld; try again later, or ask its "
                         "administrator",
                         url, status);
    return 0;
}

const char *fetch_file(struct arena *a, const char *host, const char *path, size_t max, size_t *n,
                       struct error *e)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
    const char *out = NULL;
    size_t length = strlen(path);
    if (path[0] != '/' || length > PATH_MAX_BYTES || strspn(path, plain) != length) {
        error_set(e, ERROR_INVALID,
                  "https://%s%.80s was not asked for: such an address is never fetched", host,
                  path);
        return NULL;
    }
    const char *url = arena_printf(a, "https://%s%s", host, path);
    struct buf body;
    buf_init(&body, max);
    CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *curl = ready == CURLE_OK ? curl_easy_init() : NULL;
    if (!curl || !set_options(curl, url, &body))
        error_set(e, ERROR_INTERNAL, "%s was not fetched: libcurl cannot be used here", url);
    else if (get(curl, url, &body, e) == 0) {
        out = arena_memdup(a, body.length ? body.data : "", body.length);
        *n = body.length;
    }
    curl_easy_cleanup(curl);
    if (ready == CURLE_OK)
        curl_global_cleanup();
    buf_free(&body);
    return out;
}
