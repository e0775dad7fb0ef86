/*
 * Progress: one list, made from the course's own completion rule, that answers "why not complete?"
 * for the learner, for the COE and for completion itself.
 */
#include "learning/attempt_sheet.h"
#include "learning/moves.h"
#include "learning/sql.h"
#include "learning/study.h"
#include "learning/update.h"
#include <string.h>

#define MAX_ENROLMENTS 200

/* Somebody was here; the latest place wins, and going on there comes first while it is unfinished.
 */
static void was_here(struct progress *p, instant at, bool unfinished, struct step step)
{
    if (at < p->touched_at)
        return;
    p->touched_at = at;
    p->next = unfinished ? step : (struct step){0};
}

static struct step lesson_step(const struct lesson *l)
{
    return (struct step){STEP_LESSON, l->id, l->title, l->minutes};
}

static struct step case_step(const struct branching_case *it)
{
    return (struct step){STEP_CASE, it->id, it->title, 10};
}

static struct step attempt_step(const char *uuid)
{
    return (struct step){STEP_ATTEMPT, uuid, "Learning check", 10};
}

/* Is a lesson done, and still as it was then? 1, 0, or -1. `st` is a row of visits_of. */
static int visit_done(struct conn *c, struct learning *l, const struct enrolment *en,
                      const char *lesson, struct stmt *st, struct error *e)
{
    if (db_null(st, 2))
        return 0;
    int64_t under = db_null(st, 3) ? en->begun_under : db_int(st, 3);
    return moves_lesson_stays(c, l, under, en->publication, lesson, e);
}

static int read_visits(struct conn *c, struct learning *l, struct progress *p, struct error *e)
{
    const struct publication *pub = p->enrolment.publication;
    struct stmt *st = db_query(c, &sql_visits_of, e, "i", p->enrolment.id);
    if (!st)
        return -1;
    int step, done = 0;
    while (done >= 0 && (step = db_step(st, e)) == 1) {
        int i;
        if (!publication_lesson(pub, db_text(st, 0), &i))
            continue;
        p->lesson_last[i] = db_int(st, 1);
        done = visit_done(c, l, &p->enrolment, pub->lessons[i].id, st, e);
        p->lesson_done[i] = done > 0;
        p->lesson_reopened[i] = done == 0 && !db_null(st, 2);
        p->lessons_done += p->lesson_done[i];
        if (p->lesson_done[i] && db_int(st, 2) > p->lessons_done_at)
            p->lessons_done_at = db_int(st, 2);
        was_here(p, p->lesson_last[i], pub->needs_lessons && !p->lesson_done[i],
                 lesson_step(&pub->lessons[i]));
    }
    db_done(st);
    return done < 0 ? -1 : step;
}

static int read_cases(struct conn *c, struct learning *l, struct progress *p, struct error *e)
{
    const struct publication *pub = p->enrolment.publication;
    struct stmt *st = db_query(c, &sql_ledger_subjects, e, "i", p->enrolment.id);
    if (!st)
        return -1;
    int step, done = 0;
    while (done >= 0 && (step = db_step(st, e)) == 1) {
        for (int i = 0; i < pub->case_count; i++) {
            const char *id = pub->cases[i].id;
            if (strcmp(id, db_text(st, 1)) != 0 || p->case_done[i])
                continue;
            done =
                moves_case_done_stays(c, l, p->enrolment.begun_under, pub, id, db_text(st, 2), e);
            p->case_done[i] = done > 0;
            p->cases_done += p->case_done[i];
            if (p->case_done[i] && db_int(st, 3) > p->cases_done_at)
                p->cases_done_at = db_int(st, 3);
        }
    }
    db_done(st);
    return done < 0 ? -1 : step;
}

/* After read_cases: where the paths through the cases were left. */
static int read_paths(struct conn *c, struct progress *p, struct error *e)
{
    const struct publication *pub = p->enrolment.publication;
    struct stmt *st = db_query(c, &sql_cases_touched, e, "i", p->enrolment.id);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1)
        for (int i = 0; i < pub->case_count; i++)
            if (strcmp(pub->cases[i].id, db_text(st, 0)) == 0)
                was_here(p, db_int(st, 1), pub->needs_case && !p->case_done[i],
                         case_step(&pub->cases[i]));
    db_done(st);
    return step;
}

static int read_attempts(struct conn *c, struct arena *a, struct progress *p, int *best,
                         struct error *e)
{
    struct stmt *st = db_query(c, &sql_attempts_of, e, "i", p->enrolment.id);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1) {
        const char *uuid = arena_strdup(a, db_text(st, 0));
        bool open = db_null(st, 1);
        instant touched = db_int(st, 4);
        if (open && attempt_last_answer(c, db_int(st, 5), &touched, e)) {
            step = -1;
            break;
        }
        was_here(p, touched, open && p->enrolment.publication->needs_check && !p->check_passed,
                 attempt_step(uuid));
        if (open) {
            p->open_attempt = uuid;
            continue;
        }
        p->attempts++;
        if (db_int(st, 2) && !p->passed_attempt) {
            p->passed_attempt = uuid;
            p->passed_at = db_int(st, 1);
            p->passed_number = p->attempts;
        }
        p->check_passed = p->check_passed || db_int(st, 2) != 0;
        if ((int)db_int(st, 3) > *best)
            *best = (int)db_int(st, 3);
    }
    db_done(st);
    return step;
}

static int read_outcome(struct conn *c, struct arena *a, struct progress *p, struct error *e)
{
    struct stmt *st =
        db_query(c, &sql_status_of, e, "it", p->enrolment.person, p->enrolment.publication->course);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        p->completed_at = db_int(st, 0);
        p->completed = !db_null(st, 0);
        p->by_assessment = db_int(st, 1) != 0;
        p->valid_until = db_int(st, 2);
    }
    db_done(st);
    if (step < 0 || !p->completed)
        return step < 0 ? -1 : 0;
    st = db_query(c, &sql_certificate_state, e, "i", p->enrolment.id);
    step = st ? db_step(st, e) : -1;
    if (step == 1) {
        p->certificate_token = arena_strdup(a, db_text(st, 0));
        p->certificate_waits = arena_strdup(a, db_text(st, 1));
        p->certificate_uuid = arena_strdup(a, db_text(st, 2));
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

static int first_undone(const bool *done, int count)
{
    for (int i = 0; i < count; i++)
        if (!done[i])
            return i;
    return -1;
}

static void lessons_line(struct arena *a, const struct progress *p, struct completion_line *line)
{
    const struct publication *pub = p->enrolment.publication;
    int next = first_undone(p->lesson_done, pub->lesson_count);
    line->kind = STEP_LESSON;
    line->done = next < 0;
    line->done_at = p->lessons_done_at;
    line->text = arena_printf(a, "Lessons: %d of %d", p->lessons_done, pub->lesson_count);
    line->detail = "";
    if (next < 0)
        return;
    const struct lesson *l = &pub->lessons[next];
    line->detail =
        p->lesson_last[next]
            ? arena_printf(a, "“%s” is open: answer its question; any answer counts.", l->title)
            : arena_printf(a, "Next is “%s”, about %d minutes.", l->title, l->minutes);
    line->step = lesson_step(l);
}

static void case_line(struct arena *a, const struct progress *p, struct completion_line *line)
{
    const struct publication *pub = p->enrolment.publication;
    int next = first_undone(p->case_done, pub->case_count);
    const struct branching_case *it = pub->case_count ? &pub->cases[next < 0 ? 0 : next] : NULL;
    line->kind = STEP_CASE;
    line->done = next < 0;
    line->done_at = p->cases_done_at;
    line->text = pub->case_count == 1
                     ? arena_printf(a, "Case: %s", it->title)
                     : arena_printf(a, "Cases: %d of %d", p->cases_done, pub->case_count);
    line->detail = "";
    if (next < 0)
        return;
    line->detail = arena_printf(a, "Follow “%s” to any of its ends.", it->title);
    line->step = case_step(it);
}

static void check_line(struct arena *a, const struct progress *p, int best,
                       struct completion_line *line)
{
    const struct publication *pub = p->enrolment.publication;
    line->kind = STEP_CHECK;
    line->part = "Learning check";
    line->done = p->check_passed;
    line->done_at = p->passed_at;
    line->attempt = p->passed_attempt;
    line->tries = p->passed_number;
    line->step = p->open_attempt
                     ? attempt_step(p->open_attempt)
                     : (struct step){STEP_CHECK, p->attempts ? "again" : "", "Learning check", 10};
    line->detail = "";
    if (p->check_passed)
        line->text = arena_printf(a, "Learning check: passed, %d of %d", best, pub->check_draw);
    else
        line->text =
            arena_printf(a, "Learning check: %d of %d or more", pub->pass_marks, pub->check_draw);
    if (p->check_passed)
        return;
    line->detail = p->open_attempt ? "You have one under way; your answers are kept."
                   : p->attempts
                       ? arena_printf(a, "So far %d of %d. Try again as often as you like.", best,
                                      pub->check_draw)
                       : "Not taken yet. As many tries as you like, no time limit.";
}

static void make_lines(struct arena *a, struct progress *p, int best)
{
    const struct publication *pub = p->enrolment.publication;
    p->lines = arena_array(a, 3, sizeof *p->lines);
    if (pub->needs_lessons) {
        lessons_line(a, p, &p->lines[p->line_count++]);
        p->parts += pub->lesson_count;
        p->parts_done += p->lessons_done;
    }
    if (pub->needs_case) {
        case_line(a, p, &p->lines[p->line_count++]);
        p->parts += pub->case_count;
        p->parts_done += p->cases_done;
    }
    if (pub->needs_check) {
        check_line(a, p, best, &p->lines[p->line_count++]);
        p->parts++;
        p->parts_done += p->check_passed;
    }
    if (p->completed) { /* done is done, by whichever way */
        p->next = (struct step){STEP_CERTIFICATE, p->certificate_token, "Your certificate", 0};
        p->parts_done = p->parts;
        return;
    }
    for (int i = 0; i < p->line_count && p->next.kind == STEP_NONE; i++)
        if (!p->lines[i].done)
            p->next = p->lines[i].step;
}

int progress_load(struct conn *c, struct learning *l, const struct enrolment *en, struct arena *a,
                  struct progress *out, struct error *e)
{
    const struct publication *pub = en->publication;
    int best = 0;
    *out = (struct progress){.enrolment = *en, .touched_at = en->started_at};
    out->lesson_done = arena_array(a, (size_t)pub->lesson_count + 1, sizeof *out->lesson_done);
    out->lesson_last = arena_array(a, (size_t)pub->lesson_count + 1, sizeof *out->lesson_last);
    out->lesson_reopened =
        arena_array(a, (size_t)pub->lesson_count + 1, sizeof *out->lesson_reopened);
    out->case_done = arena_array(a, (size_t)pub->case_count + 1, sizeof *out->case_done);
    if (en->base)
        return read_visits(c, l, out, e) || update_progress(c, l, a, out, e) ? -1 : 0;
    if (read_visits(c, l, out, e) || read_cases(c, l, out, e) || read_paths(c, out, e) ||
        read_attempts(c, a, out, &best, e) || read_outcome(c, a, out, e))
        return -1;
    make_lines(a, out, best);
    return 0;
}

static int ids_of(struct conn *c, int64_t person, int64_t *ids, struct error *e)
{
    struct stmt *st = db_query(c, &sql_enrolments_of, e, "i", person);
    if (!st)
        return -1;
    int step = 0, count = 0;
    while (count < MAX_ENROLMENTS && (step = db_step(st, e)) == 1)
        ids[count++] = db_int(st, 0);
    db_done(st);
    return step < 0 ? -1 : count;
}

int progress_list(struct conn *c, struct learning *l, int64_t person, struct arena *a,
                  struct progress **out, struct error *e)
{
    int64_t *ids = arena_array(a, MAX_ENROLMENTS, sizeof *ids);
    int count = ids_of(c, person, ids, e);
    if (count < 0)
        return -1;
    struct progress *list = arena_array(a, (size_t)count + 1, sizeof *list);
    for (int i = 0; i < count; i++) {
        struct enrolment en;
        struct progress p;
        if (enrolment_get(c, l, ids[i], &en, e) || progress_load(c, l, &en, a, &p, e))
            return -1;
        int at = i; /* insertion keeps the most recently touched first */
        for (; at > 0 && list[at - 1].touched_at < p.touched_at; at--)
            list[at] = list[at - 1];
        list[at] = p;
    }
    *out = list;
    return count;
}
