/* What happens to a certificate after it was issued: revoked, superseded, shared or not. */
#include "base/text.h"
#include "learning/certificate.h"
#include "learning/issue.h"
#include "learning/ledger.h"
#include "learning/people.h"
#include "learning/sql.h"
#include <stdatomic.h>
#include <string.h>

/* The bit in the status list, and that the list has changed. */
static int withdraw(struct conn *c, struct learning *l, const struct certificate *it,
                    const char *kind, const char *reason, int64_t actor, instant at,
                    struct error *e)
{
    atomic_fetch_add(&l->bits_set, 1);
    return db_exec(c, &sql_certificate_withdraw, e, "ittiiii", it->id, kind, reason, actor, at,
                   it->status_list, it->status_index) < 0 ||
                   db_exec(c, &sql_list_count_change, e, "i", it->status_list) < 0
               ? -1
               : 0;
}

static int check_reason(const char *reason, struct error *e)
{
    if (!reason || !*reason)
        return error_field(e, "reason", "Say why, in a few words.");
    if (!text_is_line(reason, strlen(reason)) || text_code_points(reason) > CERTIFICATE_REASON_MAX)
        return error_field(e, "reason", "Say why in one line of at most %d characters.",
                           CERTIFICATE_REASON_MAX);
    return 0;
}

int certificate_revoke(struct conn *c, struct learning *l, int64_t id, const char *reason,
                       int64_t actor, instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct certificate it;
    int result = check_reason(reason, e) || certificate_get(c, l, id, a, &it, e) ? -1 : 0;
    if (result == 0 && it.state != CERTIFICATE_STANDS)
        result = error_set(e, ERROR_CONFLICT, "This certificate was %s already.",
                           it.state == CERTIFICATE_REVOKED ? "revoked" : "superseded");
    if (result == 0)
        result = withdraw(c, l, &it, "revoked", reason, actor, at, e) ||
                         audit_append(c, actor, "certificate.revoke", it.uuid, "", at, e)
                     ? -1
                     : 0;
    arena_free(a);
    return result;
}

/* The new one in the place of `it`, everything in one closure. */
static int replace(struct conn *c, struct learning *l, const struct certificate *it,
                   struct issue *x, const char *reason, int64_t actor, struct error *e)
{
    if (db_exec(c, &sql_certificate_step_back, e, "i", it->id) < 0 || issue_store(c, x, e))
        return -1;
    if (it->state == CERTIFICATE_STANDS &&
        withdraw(c, l, it, "superseded", reason, actor, x->issued_at, e))
        return -1;
    char detail[64] = "certificate=";
    strncat(detail, x->uuid, sizeof detail - sizeof "certificate=");
    return audit_append(c, actor, "certificate.reissue", it->uuid, detail, x->issued_at, e);
}

/* The name for the next one: the holder's present one. Whoever has left has none any more; what was
 * signed once may be signed again. */
static int next_name(struct conn *c, const struct certificate *it, struct arena *a,
                     const char **name, struct error *e)
{
    struct person holder;
    if (person_get(c, it->person, a, &holder, e))
        return -1;
    *name = holder.erased_at ? certificate_holder(it, a) : holder.certificate_name;
    return 0;
}

int certificate_reissue(struct conn *c, struct learning *l, int64_t id, const char *reason,
                        int64_t actor, instant at, int64_t *made, struct error *e)
{
    struct arena *a = arena_create();
    struct certificate it;
    const char *name = NULL;
    int result = check_reason(reason, e) || certificate_get(c, l, id, a, &it, e) ? -1 : 0;
    if (result == 0 && !it.current)
        result = error_set(e, ERROR_CONFLICT, "This certificate was replaced already.");
    if (result == 0)
        result = next_name(c, &it, a, &name, e) || issue_hindrance(l, name, e) ? -1 : 0;
    int64_t renewed = 0;
    if (result == 0 &&
        db_query_int(c, &sql_was_renewed, &renewed, e, "ii", it.enrolment, it.earned_at) < 0)
        result = -1;
    if (result == 0) {
        struct issue x = {.person = it.person,
                          .enrolment = it.enrolment,
                          .publication = it.publication,
                          .by_assessment = it.by_assessment,
                          .earned_at = it.earned_at,
                          .issued_at = at,
                          .valid_until = it.valid_until,
                          .not_shared = !it.shared,
                          .renewed = renewed > 0,
                          .actor = actor ? actor : it.person,
                          .reason = "issued anew"};
        result = issue_place(c, &x, e) || issue_sign(l, &x, name, a, e) ||
                         replace(c, l, &it, &x, reason, actor, e)
                     ? -1
                     : 0;
        *made = x.id;
    }
    arena_free(a);
    return result;
}

int certificate_supersede_older(struct conn *c, struct learning *l, int64_t id, const char *reason,
                                int64_t actor, instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct certificate it;
    int result = check_reason(reason, e) || certificate_get(c, l, id, a, &it, e) ? -1 : 0;
    if (result == 0 && (it.current || it.state != CERTIFICATE_STANDS))
        result = error_set(e, ERROR_CONFLICT,
                           "This certificate is the present one, or is "
                           "withdrawn already.");
    if (result == 0)
        result = withdraw(c, l, &it, "superseded", reason, actor, at, e) ||
                         audit_append(c, actor, "certificate.supersede", it.uuid, "", at, e)
                     ? -1
                     : 0;
    arena_free(a);
    return result;
}

int certificate_share(struct conn *c, int64_t id, int64_t person, bool shared, struct error *e)
{
    int64_t found = db_exec(c, &sql_certificate_share, e, "iii", id, person, (int64_t)shared);
    if (found == 0)
        return error_set(e, ERROR_NOT_FOUND, "You have no certificate with this address.");
    return found < 0 ? -1 : 0;
}
