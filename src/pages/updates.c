/*
 * POST /courses/{course}/update            begin to read what is new, after finishing
 * POST /courses/{course}/corrections/seen  put away the notice of what was corrected
 */
#include "pages/updates.h"
#include "http/response.h"
#include "pages/versions.h"

static void put_update(cJSON *view, struct request *rq, const char *course, const struct update *u)
{
    struct arena *a = rq->arena;
    if (u->to_read == 0 || (u->progress.enrolment.id && u->read == u->to_read)) {
        view_bool(view, "update", false);
        return;
    }
    cJSON *update = view_object(view, "update");
    view_text(update, "words",
              arena_printf(a, "Updated since you finished: %d lesson%s", u->to_read,
                           u->to_read == 1 ? "" : "s"));
    view_text(update, "note", u->note);
    view_bool(update, "is_open", u->open);
    view_text(update, "read_words",
              u->open ? arena_printf(a, "%d of %d read", u->read, u->to_read) : "");
    view_text(update, "label", u->open ? step_label(a, &u->progress.next) : "Read what is new");
    view_text(update, "href",
              u->open ? step_href(a, course, &u->progress.next)
                      : arena_printf(a, "/courses/%s/update", course));
}

static void put_correction(cJSON *view, struct request *rq, const char *course,
                           const struct update *u)
{
    struct arena *a = rq->arena;
    if (u->correction_count == 0) {
        view_bool(view, "correction", false);
        return;
    }
    const struct correction *latest = &u->corrections[0];
    cJSON *correction = view_object(view, "correction");
    view_text(correction, "words",
              arena_printf(a, "Something was corrected in a course you finished, on %s:",
                           words_date(rq, latest->at)));
    view_text(correction, "note", latest->note);
    view_text(correction, "href", changes_href(a, course, latest->hash));
    view_text(correction, "more_href",
              u->correction_count > 1 ? arena_printf(a, "/courses/%s/history", course) : "");
    view_text(correction, "put_away_href", arena_printf(a, "/courses/%s/corrections/seen", course));
}

void view_update(cJSON *view, struct request *rq, const char *course, const struct update *u)
{
    put_update(view, rq, course, u);
    put_correction(view, rq, course, u);
}

/* What stays, and what does not: lessons that were done and are open again. */
static const char *words_kept(struct arena *a, const struct progress *p, const struct moved *m)
{
    const struct publication *pub = p->enrolment.publication;
    const char *title = NULL;
    int reopened = 0;
    for (int i = 0; i < pub->lesson_count; i++) {
        if (!p->lesson_reopened[i])
            continue;
        title = title ? title : pub->lessons[i].title;
        reopened++;
    }
    if (m->kind == CHANGE_TYPO)
        return "What you have done stays done.";
    if (reopened == 0)
        return "Lessons and cases that did not change stay done.";
    if (reopened == 1)
        return arena_printf(a, "What did not change stays done; “%s” waits to be read again.",
                            title);
    return arena_printf(a, "What did not change stays done; %d lessons wait to be read again.",
                        reopened);
}

int view_moved(cJSON *view, struct request *rq, const struct progress *p, struct error *e)
{
    struct arena *a = rq->arena;
    struct moved m;
    struct conn *c = p ? request_reader(rq, e) : NULL;
    int found = !p ? 0 : c ? update_moved(c, p, a, &m, e) : -1;
    if (found <= 0) {
        view_bool(view, "moved", false);
        return found;
    }
    const char *course = p->enrolment.publication->course;
    const char *date = words_date(rq, m.at);
    cJSON *moved = view_object(view, "moved");
    view_text(moved, "words",
              m.kind == CHANGE_TYPO
                  ? arena_printf(a, "Typing mistakes were put right on %s. %s", date, m.note)
                  : arena_printf(a, "Corrected on %s: %s", date, m.note));
    view_text(moved, "kept_words", words_kept(a, p, &m));
    view_text(moved, "href", changes_href(a, course, m.hash));
    view_text(moved, "more_href",
              m.count > 1 ? arena_printf(a, "/courses/%s/history", course) : "");
    return 0;
}

/* ---- what is posted ---- */

struct change {
    struct learning *learning;
    int64_t person;
    const char *course;
    instant at;
    struct enrolment reading;
};

static int write_begin(struct conn *c, void *arg, struct error *e)
{
    struct change *w = arg;
    struct rng rng;
    rng_seed_random(&rng);
    return update_begin(c, w->learning, w->person, w->course, w->at, &rng, &w->reading, e);
}

static int write_seen(struct conn *c, void *arg, struct error *e)
{
    const struct change *w = arg;
    return corrections_put_away(c, w->person, w->course, w->at, e);
}

static int update_post(struct request *rq, struct error *e)
{
    struct change w = {.learning = rq->learning,
                       .person = request_person_id(rq),
                       .course = request_param(rq, "course"),
                       .at = rq->now};
    struct progress p;
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_begin, &w, e))
        return -1;
    struct conn *c = request_reader(rq, e);
    if (!c || progress_load(c, rq->learning, &w.reading, rq->arena, &p, e))
        return -1;
    return response_redirect(rq, step_href(rq->arena, w.course, &p.next));
}

static int seen_post(struct request *rq, struct error *e)
{
    struct change w = {.learning = rq->learning,
                       .person = request_person_id(rq),
                       .course = request_param(rq, "course"),
                       .at = rq->now};
    request_reader_release(rq);
    return db_write(rq->learning->db, write_seen, &w, e) ? -1 : response_redirect(rq, "/");
}

const struct route updates_routes[] = {
    {METHOD_POST, "/courses/{course}/update", update_post, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 1024,
     .summary = "Begin to read what is new in a finished course; twice is the same"},
    {METHOD_POST, "/courses/{course}/corrections/seen", seen_post, .who = ACCESS_SIGNED_IN,
     .nav = "home", .body_max = 1024,
     .summary = "Put away the notice of what was corrected in a finished course"},
    {0},
};
