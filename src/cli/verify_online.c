/* Asking the issuer's own host for what the person at this machine has not given. */
#include "base/json.h"
#include "base/text.h"
#include "cli/fetch.h"
#include "cli/verify.h"
#include <string.h>

static struct verify_step *find_step(struct verify_report *r, const char *name)
{
    for (int i = 0; i < r->step_count; i++)
        if (strcmp(r->steps[i].name, name) == 0)
            return &r->steps[i];
    return NULL;
}

/* Why a step could not be taken, in place of what the verifier knows of it. */
static void explain(struct verify_report *r, const char *step, const char *why)
{
    struct verify_step *found = find_step(r, step);
    if (found && !found->ok)
        found->detail = why;
}

/* The path of the status list that a certificate names at its issuer's own host; NULL when it is
 * anywhere else. */
static const char *status_path(struct command_line *c, const struct verify_input *in,
                               const char *host)
{
    struct error ignored = {0};
    cJSON *document = json_parse(in->credential, in->credential_length, &ignored);
    const char *url = json_string(json_get(document, "credentialStatus"), "statusListCredential");
    const char *own = arena_printf(c->arena, "https://%s/", host);
    const char *path =
        url && text_starts(url, own) ? arena_strdup(c->arena, url + strlen(own) - 1) : NULL;
    cJSON_Delete(document);
    return path;
}

/* A pin and the host's own word: the key must stand in both. Trust comes from the pin alone, so
 * that who takes over the host can add no key; the host can withdraw one. A host that does not
 * answer changes nothing. */
static int compare_with_pin(struct command_line *c, const struct verify_input *pinned,
                            const char *host, struct verify_report *r, struct error *e)
{
    struct error why = {0};
    struct verify_report there;
    struct verify_input in = *pinned;
    in.did_document =
        fetch_file(c->arena, host, FETCH_DID_PATH, FETCH_DID_MAX_BYTES, &in.did_length, &why);
    if (!in.did_document)
        return 0;
    if (credential_verify(&in, c->arena, &there, e) != 0)
        return -1;
    bool is_pinned = r->verdict != VERDICT_KEY_UNCONFIRMED;
    bool is_listed = there.verdict != VERDICT_KEY_UNCONFIRMED;
    if (is_pinned && !is_listed) {
        *r = there;
        explain(r, "issuer key",
                arena_printf(c->arena,
                             "the key %s is pinned here for %s, but %s does not list it any more: "
                             "it was withdrawn, or somebody else answers there; ask the issuer in "
                             "another way",
                             r->fingerprint, host, host));
    } else if (!is_pinned && is_listed) {
        explain(r, "issuer key",
                arena_printf(c->arena,
                             "%s lists the key %s, but what is pinned here for it does not, and a "
                             "pin wins: compare the fingerprint with the issuer in another way, "
                             "then `understory trust add %s`",
                             host, r->fingerprint, host));
    }
    return 0;
}

static int ask_for_keys(struct command_line *c, struct verify_input *in, const char *host,
                        struct verify_report *r, struct error *e)
{
    struct error why = {0};
    in->did_document =
        fetch_file(c->arena, host, FETCH_DID_PATH, FETCH_DID_MAX_BYTES, &in->did_length, &why);
    if (in->did_document)
        return credential_verify(in, c->arena, r, e);
    explain(r, "issuer key", arena_strdup(c->arena, why.message));
    return 0;
}

/* Behind what is known of the status already. */
static void add_to_status(struct command_line *c, struct verify_report *r, const char *more)
{
    struct verify_step *step = find_step(r, "status");
    if (step)
        step->detail = arena_printf(c->arena, "%s; %s", step->detail, more);
}

/* Does the second one's list tell more, or the same at a later time? */
static bool tells_more(const struct verify_report *r, const struct verify_report *than)
{
    return r->list_says != than->list_says ? r->list_says > than->list_says
                                           : r->list_from >= than->list_from;
}

/* The host's list in place of the one that was here, unless that one tells more: a host that
 * answers with rubbish, or with an older list than a bundle holds, takes nothing away. */
static int judge_with_list(struct command_line *c, const struct verify_input *in, const char *host,
                           struct verify_report *r, struct error *e)
{
    struct verify_report there;
    if (credential_verify(in, c->arena, &there, e) != 0)
        return -1;
    if (tells_more(&there, r))
        *r = there;
    else
        add_to_status(c, r,
                      arena_printf(c->arena, "the list that %s gives out now tells less: %s", host,
                                   find_step(&there, "status")->detail));
    return 0;
}

/* Asks the issuer's host for what is missing, as far as what is known already allows: a file that
 * is no certificate, or whose key is not its issuer's, sends us nowhere. */
int verify_online(struct command_line *c, const struct verify_online_options *o,
                  struct verify_input *in, struct verify_report *r, struct error *e)
{
    struct error why = {0};
    if (credential_verify(in, c->arena, r, e) != 0)
        return -1;
    const char *host = credential_claimed_host(in->credential, in->credential_length, c->arena);
    if (r->verdict == VERDICT_INVALID || !host)
        return 0;
    if (!in->did_document ? ask_for_keys(c, in, host, r, e)
                          : o->pinned && compare_with_pin(c, in, host, r, e))
        return -1;
    if (r->verdict == VERDICT_KEY_UNCONFIRMED || o->status_given)
        return 0;
    size_t length = 0;
    const char *path = status_path(c, in, host);
    const char *list =
        path ? fetch_file(c->arena, host, path, FETCH_STATUS_MAX_BYTES, &length, &why) : NULL;
    if (!list) {
        const char *words = path ? arena_strdup(c->arena, why.message)
                                 : "its status list is not at its issuer's host, and is not asked "
                                   "for";
        if (!in->status_list)
            explain(r, "status", words);
        else if (r->list_says < LIST_CLEAR)
            add_to_status(c, r, words);
        return 0;
    }
    in->status_list = list;
    in->status_length = length;
    if (!o->at_given)
        in->at = clock_now(&c->clock); /* the list may have been signed since we began */
    return judge_with_list(c, in, host, r, e);
}
