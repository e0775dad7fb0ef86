/*
 * One certificate is made in four steps: a random place in a status list, the claims from frozen
 * data, the signature, the rows. The random token and uuid are drawn before signing, because both
 * stand in what is signed.
 */
#include "learning/issue.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/hash.h"
#include "credential/status_list.h"
#include "learning/ledger.h"
#include "learning/sql.h"
#include "learning/tlog.h"
#include <string.h>

/* A random index that this list has not given out; a new list when the present one is half full. */
static int take_index(struct conn *c, instant at, int64_t *list, int64_t *index, struct error *e)
{
    struct stmt *st = db_query(c, &sql_list_current, e, "");
    if (!st)
        return -1;
    int step = db_step(st, e);
    int64_t used = step == 1 ? db_int(st, 1) : STATUS_LIST_BITS;
    *list = step == 1 ? db_int(st, 0) : 0;
    db_done(st);
    if (step < 0)
        return -1;
    if (used >= STATUS_LIST_BITS / 2) {
        if (db_exec(c, &sql_list_open, e, "i", at) < 0)
            return -1;
        *list = db_last_id(c);
    }
    int64_t taken = 1;
    while (taken) {
        uint32_t random;
        random_bytes(&random, sizeof random);
        *index = random % STATUS_LIST_BITS;
        if (db_query_int(c, &sql_index_taken, &taken, e, "ii", *list, *index) < 0)
            return -1;
    }
    return 0;
}

static const char *criteria(const struct issue *x, struct arena *a)
{
    const struct publication *p = x->publication;
    struct buf b;
    buf_init(&b, 1 << 16);
    publication_criteria(p, &b);
    if (x->renewed)
        buf_puts(&b, "\nRenewed: after an earlier completion the learning check was passed again.");
    else if (x->by_assessment)
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

static struct claims claims_of(const struct issue *x, const char *name, struct arena *a)
{
    const struct publication *p = x->publication;
    return (struct claims){.certificate_uuid = x->uuid,
                           .subject_uuid = x->subject,
                           .holder_name = name,
                           .title = p->certificate_title,
                           .course = p->course,
                           .publication_hash = p->hash,
                           .course_title = p->title,
                           .description = p->summary,
                           .version = p->version,
                           .language = p->language,
                           .criteria = criteria(x, a),
                           .earned_at = x->earned_at,
                           .issued_at = x->issued_at,
                           .status_list = x->list,
                           .status_index = x->index,
                           .valid_until = x->valid_until};
}

static int record(struct conn *c, const struct issue *x, const uint8_t sha[HASH_BYTES],
                  struct error *e)
{
    char evidence[2 * HASH_BYTES + 1];
    hash_hex(sha, evidence);
    struct ledger_entry entry = {.person = x->person,
                                 .enrolment = x->enrolment,
                                 .kind = "certificate",
                                 .subject = x->uuid,
                                 .evidence = evidence,
                                 .earned_at = x->earned_at,
                                 .recorded_at = x->issued_at,
                                 .actor = x->actor,
                                 .reason = x->reason};
    return ledger_append(c, &entry, e);
}

instant issue_valid_until(const struct publication *p, instant earned_at)
{
    if (p->valid_months == 0)
        return 0;
    instant until = instant_add_months(earned_at, p->valid_months);
    return until - until % INSTANT_SECOND; /* as it is signed */
}

int issue_hindrance(struct learning *l, const char *name, struct error *e)
{
    if (!issuer_can_sign(l->issuer))
        return error_set(e, ERROR_BUSY, "The site has no signing key yet.");
    if (!name)
        return error_field(e, "certificate_name",
                           "The name on the certificate is not confirmed yet.");
    return certificate_name_check(name, e);
}

int issue_place(struct conn *c, struct issue *x, struct error *e)
{
    return take_index(c, x->issued_at, &x->list, &x->index, e);
}

int issue_sign(struct learning *l, struct issue *x, const char *name, struct arena *a,
               struct error *e)
{
    uint8_t secret[16];
    random_bytes(secret, sizeof secret);
    crockford_encode(secret, x->token);
    random_uuid(x->uuid);
    random_uuid(x->subject);
    struct claims claims = claims_of(x, name, a);
    struct tlog_checkpoint published;
    if (tlog_latest(l->tlog, a, &published)) {
        claims.checkpoint_size = published.size;
        claims.checkpoint = published.note;
    }
    return issuer_sign(l->issuer, &claims, a, &x->json, &x->key, e);
}

int issue_store(struct conn *c, struct issue *x, struct error *e)
{
    uint8_t sha[HASH_BYTES];
    hash_sha256(x->json, strlen(x->json), sha);
    if (db_exec(c, &sql_key_note, e, "ti", x->key, x->issued_at) < 0 ||
        db_exec(c, &sql_certificate_insert, e, "ttiiiiitiiiiitb", x->uuid, x->token, x->person,
                x->enrolment, x->publication->id, (int64_t)x->by_assessment,
                (int64_t)!x->not_shared, x->key, x->list, x->index, x->earned_at, x->issued_at,
                x->valid_until, x->json, sha, sizeof sha) < 0)
        return -1;
    x->id = db_last_id(c);
    return db_exec(c, &sql_list_count_use, e, "i", x->list) < 0 || record(c, x, sha, e) ? -1 : 0;
}
