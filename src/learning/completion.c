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

/* The completion stands whether its certificate can be made now or not. */
static int issue(struct conn *c, struct learning *l, struct issue *x, struct error *e)
{
    struct arena *a = arena_create();
    struct error wait = {0};
    struct person holder;
    int result = person_get(c, x->person, a, &holder, e);
    if (result == 0 && issue_hindrance(l, holder.certificate_name, &wait) == 0) {
        result = issue_place(c, x, e);
        if (result == 0)
            issue_sign(l, x, holder.certificate_name, a, &wait);
    }
    if (result == 0)
        result = wait.kind == ERROR_NONE ? issue_store(c, x, e) : put_off(c, x, wait.message, e);
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
    struct issue x = {.person = en->person,
                      .enrolment = en->id,
                      .publication = en->publication,
                      .by_assessment = by_assessment,
                      .earned_at = at,
                      .issued_at = at,
                      .actor = en->person,
                      .reason = ""};
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
    struct issue x = {.enrolment = enrolment, .issued_at = at, .reason = ""};
    /* Typos corrected since are not what was completed. */
    if (result == 0 && !(x.publication = shelf_get(l->shelf, en.finished_under, e)))
        result = -1;
    if (result == 0) {
        x.person = x.actor = en.person;
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
