#include "credential/open.h"
#include "base/json.h"
#include "base/text.h"
#include "credential/terms.h"
#include <string.h>

static bool begins(const char *bytes, size_t n, const char *magic, size_t length)
{
    return n >= length && memcmp(bytes, magic, length) == 0;
}

/* Kinds of file that people hand in by mistake. The first that fits; a magic of 0 bytes ends. */
static const struct {
    const char *magic;
    size_t length;
    const char *words;
} mistakes[] = {
    {"\xFF\xD8\xFF", 3,
     "This is a photograph or another picture that cannot hold a certificate. Type the code that "
     "is printed on it, or ask for the file that was downloaded."},
    {"GIF8", 4, "This is a picture that cannot hold a certificate. Type the code printed on it."},
    {"RIFF", 4, "This is a picture that cannot hold a certificate. Type the code printed on it."},
    {"<", 1,
     "This is a saved web page, not a certificate file. Open the link again and download the "
     "certificate there."},
    {"https://", 8, "This is a link, not a certificate file. Type it into the field for the code."},
    {"eyJ", 3,
     "This is a badge in another form (a signed token), as other systems issue it. It cannot be "
     "checked here; ask who issued it."},
};

static int refuse_mistakes(const char *bytes, size_t n, struct error *e)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
        if (begins(bytes, n, mistakes[i].magic, mistakes[i].length))
            return error_set(e, ERROR_NOT_FOUND, "%s", mistakes[i].words);
    return 0;
}

static bool is_object(const char *bytes, size_t n)
{
    size_t at = 0;
    while (at < n && strchr(" \t\r\n", bytes[at]) && bytes[at])
        at++;
    return at < n && bytes[at] == '{';
}

static bool is_jcs(const char *bytes, size_t n)
{
    struct error ignored = {0};
    cJSON *document = n <= CREDENTIAL_MAX_BYTES ? json_parse(bytes, n, &ignored) : NULL;
    bool jcs = text_equal(json_string(json_get(document, "proof"), "cryptosuite"), SUITE_JCS);
    cJSON_Delete(document);
    return jcs;
}

int credential_open(const void *bytes, size_t n, struct arena *a, struct opened *out,
                    struct error *e)
{
    memset(out, 0, sizeof *out);
    if (n > CREDENTIAL_FILE_MAX_BYTES)
        return error_set(e, ERROR_INVALID,
                         "This file is larger than any certificate (%zu MB). Check the file as it "
                         "was downloaded.",
                         CREDENTIAL_FILE_MAX_BYTES >> 20);
    if (begins(bytes, n, "\x89PNG", 4))
        return credential_open_png(bytes, n, a, out, e);
    if (begins(bytes, n, "%PDF-", 5))
        return credential_open_pdf(bytes, n, a, out, e);
    if (begins(bytes, n, "PK\x03\x04", 4))
        return credential_open_bundle(bytes, n, a, out, e);
    if (refuse_mistakes(bytes, n, e))
        return -1;
    if (!is_object(bytes, n))
        return error_set(e, ERROR_INVALID,
                         "This file is not complete, or not a certificate file. Download it again "
                         "and check the whole file.");
    out->kind = is_jcs(bytes, n) ? FILE_JCS : FILE_JSON;
    out->credential = bytes;
    out->credential_length = n;
    return 0;
}

static const struct {
    const char *name, *words;
} kinds[] = {
    [FILE_JSON] = {"json", "a certificate file (.json)"},
    [FILE_JCS] = {"jcs", "a certificate file of the second kind (.jcs.json)"},
    [FILE_PNG] = {"png", "a picture with one certificate in it; only the certificate inside is "
                         "checked, not what the picture shows"},
    [FILE_PDF] = {"pdf", "a PDF with one certificate attached; only the certificate inside is "
                         "checked, not what the page shows"},
    [FILE_BUNDLE] = {"bundle", "a bundle with one certificate in it; what else it holds is not "
                               "believed unless the issuer signed it"},
};

const char *file_kind_name(enum file_kind kind)
{
    return kinds[kind].name;
}

const char *file_kind_words(enum file_kind kind)
{
    return kinds[kind].words;
}

void credential_refused(const struct error *why, struct arena *a, struct verify_report *out)
{
    memset(out, 0, sizeof *out);
    out->verdict = VERDICT_INVALID;
    out->absent = why->kind == ERROR_NOT_FOUND;
    out->unreadable = !out->absent;
    const char *words = arena_strdup(a, why->message);
    out->words =
        arena_printf(a, "%s: %s", out->absent ? "No certificate found" : "Cannot be read", words);
    out->steps[out->step_count++] = (struct verify_step){"file", false, false, words};
}
