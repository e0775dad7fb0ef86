/* Completion, and the certificate made in the same transaction. */
#include "learning/certificate.h"
#include "learning/issue.h"
#include "learning/ledger.h"
#include "learning/people.h"
#include "learning/sql.h"
#include "learning/update.h"
#include <string.h>

static int put_off(struct conn *c, const struct issue *x, const char *why, struct error *e)
{
    return db_exec(c, &sql_pending_upsert, e, "iti", x->enrolment, why, x->issued_at) < 0 ? -1 : 0;
}

/* A renewal is shown by its link as the one before it was: its holder decided that. */
static int keep_sharing(struct conn *c, struct issue *x, struct error *e)
{
    int64_t shared = 1;
    if (x->renewed &&
        db_query_int(c, &sql_certificate_shared_of, &shared, e, "i", x->enrolment) < 0)
        return -1;
    x->not_shared = !shared;
    return 0;
}

/* Puts it in the place of the one that it renews; what waited waits no more. */
static int store(struct conn *c, struct issue *x, struct error *e)
{
    return (x->renewed && db_exec(c, &sql_certificate_step_back_of, e, "i", x->enrolment) < 0) ||
                   issue_store(c, x, e) || db_exec(c, &sql_pending_delete, e, "i", x->enrolment) < 0
               ? -1
               : 0;
}

/* The completion stands whether its certificate can be made now or not. */
static int issue(struct conn *c, struct learning *l, struct issue *x, struct error *e)
{
    struct arena *a = arena_create();
    struct error wait = {0};
    struct person holder;
    int result = person_get(c, x->person, a, &holder, e);
    if (result == 0 && issue_hindrance(l, holder.certificate_name, &wait) == 0) {
        result = keep_sharing(c, x, e) || issue_place(c, x, e) ? -1 : 0;
        if (result == 0)
            issue_sign(l, x, holder.certificate_name, a, &wait);
    }
    if (result == 0)
        result = wait.kind == ERROR_NONE ? store(c, x, e) : put_off(c, x, wait.message, e);
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
    instant until = issue_valid_until(en->publication, at);
    if (db_exec(c, &sql_status_complete, e, "itiiii", en->person, en->publication->course, at,
                (int64_t)by_assessment, en->publication->id, until) < 0 ||
        ledger_append(c, &entry, e))
        return -1;
    *completed_now = true;
    struct issue x = {.person = en->person,
                      .enrolment = en->id,
                      .publication = en->publication,
                      .by_assessment = by_assessment,
                      .earned_at = at,
                      .issued_at = at,
                      .valid_until = until,
                      .actor = en->person,
                      .reason = ""};
    return issue(c, l, &x, e);
}

instant certificate_renews_from(const struct publication *p, instant valid_until)
{
    instant half = p->valid_months * 15 * INSTANT_DAY;
    return valid_until - (half < RENEW_EARLY ? half : RENEW_EARLY);
}

int completion_renew(struct conn *c, struct learning *l, const struct enrolment *en, instant at,
                     bool *renewed, struct error *e)
{
    *renewed = false;
    if (en->base || !en->finished_under || en->publication->valid_months == 0)
        return 0;
    struct stmt *st = db_query(c, &sql_certificate_to_renew, e, "i", en->id);
    int step = st ? db_step(st, e) : -1;
    bool due = step == 1 && at >= certificate_renews_from(en->publication, db_int(st, 0));
    db_done(st);
    if (!due)
        return step < 0 ? -1 : 0;
    struct issue x = {.person = en->person,
                      .enrolment = en->id,
                      .publication = en->publication,
                      .renewed = true,
                      .earned_at = at,
                      .issued_at = at,
                      .valid_until = issue_valid_until(en->publication, at),
                      .actor = en->person,
                      .reason = ""};
    struct ledger_entry entry = {.person = en->person,
                                 .enrolment = en->id,
                                 .kind = "renewed",
                                 .subject = en->publication->hash,
                                 .evidence = "",
                                 .earned_at = at,
                                 .recorded_at = at,
                                 .actor = en->person,
                                 .reason = ""};
    if (db_exec(c, &sql_status_renew, e, "iti", en->person, en->publication->course,
                x.valid_until) < 0 ||
        ledger_append(c, &entry, e))
        return -1;
    *renewed = true;
    return issue(c, l, &x, e);
}

static int issue_waiting(struct conn *c, struct learning *l, int64_t enrolment, instant at,
                         bool *made, struct error *e)
{
    instant renewed = 0;
    struct enrolment en;
    struct progress p;
    struct arena *a = arena_create();
    int result = enrolment_get(c, l, enrolment, &en, e);
    if (result == 0)
        result = progress_load(c, l, &en, a, &p, e);
    if (result == 0 && db_query_int(c, &sql_renewed_at, &renewed, e, "i", enrolment) < 0)
        result = -1;
    struct issue x = {.enrolment = enrolment, .issued_at = at, .reason = ""};
    /* Typos corrected since are not what was completed. */
    if (result == 0 && !(x.publication = shelf_get(l->shelf, en.finished_under, e)))
        result = -1;
    if (result == 0) {
        x.person = x.actor = en.person;
        x.renewed = renewed != 0;
        x.by_assessment = p.by_assessment && !x.renewed;
        x.earned_at = x.renewed ? renewed : p.completed_at;
        x.valid_until = issue_valid_until(x.publication, x.earned_at);
        result = issue(c, l, &x, e);
    }
    *made = x.id != 0;
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
        if (found <= 0) {
            *after = 0;
            return found < 0 ? -1 : made;
        }
        bool one = false;
        *after = enrolment;
        if (issue_waiting(c, l, enrolment, at, &one, e))
            return -1;
        made += one;
    }
    return made;
}
