/* Completion, and the certificate made in the same transaction. */
#include "base/buf.h"
#include "base/encode.h"
#include "base/hash.h"
#include "learning/certificate.h"
#include "learning/ledger.h"
#include "learning/people.h"
#include "learning/sql.h"
#include "learning/update.h"
#include <string.h>

#define LIST_BITS 131072

/* A random index that this list has not given out; a new list when the present one is half full. */
static int take_index(struct conn *c, instant at, int64_t *list, int64_t *index, struct error *e)
{
    struct stmt *st = db_query(c, &sql_list_current, e, "");
    if (!st)
        return -1;
    int step = db_step(st, e);
    int64_t used = step == 1 ? db_int(st, 1) : LIST_BITS;
    *list = step == 1 ? db_int(st, 0) : 0;
    db_done(st);
    if (step < 0)
        return -1;
    if (used >= LIST_BITS / 2) {
        if (db_exec(c, &sql_list_open, e, "i", at) < 0)
            return -1;
        *list = db_last_id(c);
    }
    int64_t taken = 1;
    while (taken) {
        uint32_t random;
        random_bytes(&random, sizeof random);
        *index = random % LIST_BITS;
        if (db_query_int(c, &sql_index_taken, &taken, e, "ii", *list, *index) < 0)
            return -1;
    }
    return 0;
}

static const char *criteria(const struct publication *p, bool by_assessment, struct arena *a)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    publication_criteria(p, &b);
    if (by_assessment)
        buf_puts(
            &b,
            "\nCompleted by assessment: the learning check was passed without the other parts.");
    else
        buf_printf(&b, "\nDesigned for %d minutes.", p->minutes);
    buf_puts(&b, "\nOnline self-study. Records completion; does not certify competence.");
    if (p->pilot)
        buf_puts(&b, "\nPilot: no named reviewer has signed this module yet.");
    const char *text = arena_strndup(a, b.data, b.length);
    buf_free(&b);
    return text;
}

struct issue {
    const struct enrolment *en;
    bool by_assessment;
    instant earned_at, issued_at;
    char uuid[37], subject[37], token[27];
    int64_t list, index;
};

static int sign(struct learning *l, const struct issue *x, const char *name, struct arena *a,
                const char **json, struct error *e)
{
    const struct publication *p = x->en->publication;
    struct claims claims = {.certificate_uuid = x->uuid,
                            .subject_uuid = x->subject,
                            .holder_name = name,
                            .title = p->certificate_title,
                            .course = p->course,
                            .publication_hash = p->hash,
                            .course_title = p->title,
                            .description = p->summary,
                            .version = p->version,
                            .language = p->language,
                            .criteria = criteria(p, x->by_assessment, a),
                            .earned_at = x->earned_at,
                            .issued_at = x->issued_at,
                            .status_list = x->list,
                            .status_index = x->index};
    return issuer_sign(l->issuer, &claims, a, json, e);
}

static int store(struct conn *c, struct learning *l, const struct issue *x, const char *json,
                 struct error *e)
{
    uint8_t sha[HASH_BYTES];
    hash_sha256(json, strlen(json), sha);
    const char *key = issuer_key_id(l->issuer);
    if (db_exec(c, &sql_key_note, e, "ti", key, x->issued_at) < 0 ||
        db_exec(c, &sql_certificate_insert, e, "ttiitiiiitb", x->uuid, x->token, x->en->person,
                x->en->id, key, x->list, x->index, x->earned_at, x->issued_at, json, sha,
                sizeof sha) < 0 ||
        db_exec(c, &sql_list_count_use, e, "i", x->list) < 0 ||
        db_exec(c, &sql_pending_delete, e, "i", x->en->id) < 0)
        return -1;
    char evidence[2 * HASH_BYTES + 1];
    hash_hex(sha, evidence);
    struct ledger_entry entry = {.person = x->en->person,
                                 .enrolment = x->en->id,
                                 .kind = "certificate",
                                 .subject = x->uuid,
                                 .evidence = evidence,
                                 .earned_at = x->earned_at,
                                 .recorded_at = x->issued_at,
                                 .actor = x->en->person,
                                 .reason = ""};
    return ledger_append(c, &entry, e);
}

/* Why a certificate cannot be made now, or NULL. The completion stands either way. */
static const char *reason_to_wait(struct learning *l, const char *name, struct arena *a)
{
    if (!l->issuer)
        return "The site has no signing key yet.";
    if (!name)
        return "The name on the certificate is not confirmed yet.";
    struct error bad = {0};
    if (certificate_name_check(name, &bad))
        return arena_strdup(a, bad.message);
    return NULL;
}

static int issue(struct conn *c, struct learning *l, struct issue *x, struct error *e)
{
    struct arena *a = arena_create();
    struct person holder;
    const char *json = NULL;
    int result = person_get(c, x->en->person, a, &holder, e);
    if (result)
        goto out;
    const char *wait = reason_to_wait(l, holder.certificate_name, a);
    if (!wait) {
        uint8_t secret[16];
        random_bytes(secret, sizeof secret);
        crockford_encode(secret, x->token);
        random_uuid(x->uuid);
        random_uuid(x->subject);
        struct error refused = {0};
        result = take_index(c, x->issued_at, &x->list, &x->index, e);
        if (result)
            goto out;
        if (sign(l, x, holder.certificate_name, a, &json, &refused))
            wait = arena_strdup(a, refused.message);
    }
    if (wait)
        result =
            db_exec(c, &sql_pending_upsert, e, "iti", x->en->id, wait, x->issued_at) < 0 ? -1 : 0;
    else
        result = store(c, l, x, json, e);
out:
    arena_free(a);
    return result;
}

static bool rule_met(const struct progress *p, bool *by_assessment)
{
    bool all = p->line_count > 0;
    for (int i = 0; i < p->line_count; i++)
        all = all && p->lines[i].done;
    const struct publication *pub = p->enrolment.publication;
    *by_assessment = !all && pub->test_out && pub->needs_check && p->check_passed;
    return all || *by_assessment;
}

int completion_try(struct conn *c, struct learning *l, const struct enrolment *en, instant at,
                   bool *completed_now, struct error *e)
{
    if (en->base) { /* reading what is new: the course was completed long ago */
        *completed_now = false;
        return update_try(c, l, en, at, e);
    }
    struct arena *a = arena_create();
    struct progress p;
    bool by_assessment = false;
    *completed_now = false;
    int result = progress_load(c, l, en, a, &p, e);
    bool due = result == 0 && !p.completed && rule_met(&p, &by_assessment);
    arena_free(a);
    if (!due)
        return result;
    struct ledger_entry entry = {.person = en->person,
                                 .enrolment = en->id,
                                 .kind = "completed",
                                 .subject = en->publication->hash,
                                 .evidence = "",
                                 .earned_at = at,
                                 .recorded_at = at,
                                 .actor = en->person,
                                 .reason = by_assessment ? "by assessment" : ""};
    if (db_exec(c, &sql_status_complete, e, "itiii", en->person, en->publication->course, at,
                (int64_t)by_assessment, en->publication->id) < 0 ||
        ledger_append(c, &entry, e))
        return -1;
    *completed_now = true;
    struct issue x = {.en = en, .by_assessment = by_assessment, .earned_at = at, .issued_at = at};
    return issue(c, l, &x, e);
}

static int issue_waiting(struct conn *c, struct learning *l, int64_t enrolment, instant at,
                         struct error *e)
{
    struct enrolment en;
    struct progress p;
    struct arena *a = arena_create();
    int result = enrolment_get(c, l, enrolment, &en, e);
    if (result == 0)
        result = progress_load(c, l, &en, a, &p, e);
    struct issue x = {.en = &en, .issued_at = at};
    /* Typos corrected since are not what was completed. */
    if (result == 0 && !(en.publication = shelf_get(l->shelf, en.finished_under, e)))
        result = -1;
    if (result == 0) {
        x.by_assessment = p.by_assessment;
        x.earned_at = p.completed_at;
        result = issue(c, l, &x, e);
    }
    arena_free(a);
    return result;
}

int certificate_issue_pending(struct conn *c, struct learning *l, int max, int64_t *after,
                              instant at, struct error *e)
{
    int made = 0;
    int64_t enrolment = *after;
    *after = 0;
    for (int i = 0; i < max; i++) {
        int found = db_query_int(c, &sql_pending_next, &enrolment, e, "i", enrolment);
        if (found <= 0)
            return found < 0 ? -1 : made;
        if (issue_waiting(c, l, enrolment, at, e))
            return -1;
        int64_t exists = 0;
        if (db_query_int(c, &sql_certificate_exists, &exists, e, "i", enrolment) < 0)
            return -1;
        made += exists > 0;
    }
    *after = enrolment;
    return made;
}
