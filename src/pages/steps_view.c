/* What was checked of a certificate, step by step, in the words of somebody who files papers. */
#include "credential/did.h"
#include "pages/claims_view.h"
#include <string.h>

/* %s: the issuer's host. NULL: what the verifier says is plain enough. */
static const struct {
    const char *name, *label;
    const char *holds, *fails, *open;
} steps[] = {
    {"file", "The file", NULL, NULL, NULL},
    {"shape", "Its form", "It has exactly the form of a certificate.",
     "It does not have the form of a certificate: something in it is missing, was added or is "
     "written differently.",
     NULL},
    {"signature", "Unchanged", "Every word is as it was signed.",
     "The signature does not fit: something was changed after signing, or it was never signed.",
     NULL},
    {"issuer key", "The issuer", "It was signed by %s.",
     "It says that %s issued it, but it was not signed with a key of theirs that is in force.",
     "It says that %s issued it. Nothing here shows that this is so."},
    {"dates", "Dates", NULL, NULL, NULL},
    {"status", "Not revoked", NULL, "%s has revoked it, or has put another in its place.", NULL},
    {"log", "Public log", "It stands in the public list of all certificates of %s.",
     "It does not fit the public list of all certificates of %s.",
     "A part of the public list came along, and nothing here vouches for it."},
    {"consistency", "Log since then",
     "The public list of %s as it stood when this was issued is the beginning of the later one.",
     "The public list of %s as it stood when this was issued is not the beginning of the later "
     "one.",
     "What came along does not tell whether the public list was only added to since."},
};

/* "host" put in for "%s"; the table's words have at most one. */
static const char *fill(struct arena *a, const char *words, const char *host)
{
    const char *at = strstr(words, "%s");
    return at ? arena_printf(a, "%.*s%s%s", (int)(at - words), words, host, at + 2) : words;
}

static const char *words_of(struct request *rq, const struct verify_step *s, const char *host)
{
    const char *words = NULL;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (strcmp(steps[i].name, s->name) == 0)
            words = s->ok ? steps[i].holds : s->open ? steps[i].open : steps[i].fails;
    if (words)
        return fill(rq->arena, words, host);
    size_t n = strlen(s->detail);
    return arena_printf(rq->arena, "%s%s", words_capital(rq->arena, s->detail),
                        n && s->detail[n - 1] == '.' ? "" : ".");
}

static const char *label_of(const struct verify_step *s)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (strcmp(steps[i].name, s->name) == 0)
            return steps[i].label;
    return s->name;
}

void view_steps(cJSON *view, struct request *rq, const struct verify_report *r)
{
    cJSON *list = view_list(view, "steps");
    const char *host = r->issuer ? did_host(rq->arena, r->issuer) : NULL;
    view_bool(view, "stopped", r->verdict == VERDICT_INVALID);
    for (int i = 0; i < r->step_count; i++) {
        const struct verify_step *s = &r->steps[i];
        cJSON *step = view_item(list);
        view_text(step, "name", label_of(s));
        view_bool(step, "ok", s->ok);
        view_bool(step, "open", s->open);
        view_text(step, "class", s->ok ? "is-ok" : s->open ? "is-open" : "is-not");
        view_text(step, "result",
                  s->ok     ? "Holds"
                  : s->open ? "Could not be checked"
                            : "Does not hold");
        view_text(step, "words", words_of(rq, s, host ? host : "the issuer"));
        view_text(step, "detail", s->detail);
    }
}
