/*
 * GET /courses/{course}/history            the publications of a course
 * GET /courses/{course}/history/v{hash}    what one changed (?from=HASH: since which)
 * GET /courses/{course}/v{hash}/{lesson}   a lesson as it was frozen
 *
 * What changed in the learning check is said in numbers only: its text holds keys and rationales.
 * So do cases (the ratings), and the question in a lesson is shown without its answer.
 */
#include "pages/versions.h"
#include "base/text.h"
#include "http/response.h"
#include "pages/lesson_view.h"
#include <string.h>

const char *version_href(struct arena *a, const char *course, const char *hash)
{
    return arena_printf(a, "/courses/%s/v%s", course, hash);
}

const char *changes_href(struct arena *a, const char *course, const char *hash)
{
    return arena_printf(a, "/courses/%s/history/v%s", course, hash);
}

/* ---- one publication ---- */

void view_record(cJSON *record, struct request *rq, const char *course,
                 const struct publication_record *r)
{
    view_text(record, "kind", change_kind_name(r->kind));
    view_text(record, "kind_words", change_kind_words(r->kind));
    view_text(record, "version", r->version);
    view_text(record, "hash", r->hash);
    view_text(record, "note", r->note);
    view_text(record, "published_words", words_date(rq, r->at));
    view_text(record, "version_href", version_href(rq->arena, course, r->hash));
    view_text(record, "changes_href",
              r->kind == CHANGE_FIRST ? "" : changes_href(rq->arena, course, r->hash));
}

/* The row of this hash, its index, or -1. */
static int find_record(const struct publication_record *all, int n, const char *hash)
{
    for (int i = 0; i < n; i++)
        if (strcmp(all[i].hash, hash) == 0)
            return i;
    return -1;
}

static int read_history(struct request *rq, const char *course, struct publication_record **out,
                        struct error *e)
{
    struct conn *c = request_reader(rq, e);
    int n = c ? publication_history(c, course, rq->arena, out, e) : -1;
    return n == 0 ? error_set(e, ERROR_NOT_FOUND, "There is no such course.") : n;
}

int version_put_date(cJSON *view, struct request *rq, const struct publication *p, struct error *e)
{
    struct publication_record *all;
    int n = read_history(rq, p->course, &all, e);
    if (n < 0)
        return -1;
    int at = find_record(all, n, p->hash);
    view_text(view, "published_words", at < 0 ? "" : words_date(rq, all[at].at));
    return 0;
}

void version_put_lessons(cJSON *view, struct request *rq, const struct publication *p)
{
    bool signed_in = request_person_id(rq) != 0;
    view_text(view, "history_href",
              signed_in ? arena_printf(rq->arena, "/courses/%s/history", p->course) : "");
    cJSON *lessons = view_list(view, "lessons");
    for (int i = 0; signed_in && i < p->lesson_count; i++) {
        cJSON *lesson = view_item(lessons);
        view_text(lesson, "name", p->lessons[i].title);
        view_text(lesson, "minutes_words", words_minutes(rq->arena, p->lessons[i].minutes));
        view_text(
            lesson, "href",
            arena_printf(rq->arena, "/courses/%s/v%s/%s", p->course, p->hash, p->lessons[i].id));
    }
    view_bool(view, "has_lessons", signed_in && p->lesson_count > 0);
}

static void put_crumbs(cJSON *view, struct request *rq, const struct publication *p,
                       const char *label, const char *href)
{
    view_course_crumbs(view, rq, p);
    view_crumb(view, label, href);
}

/* ---- a frozen lesson ---- */

static int frozen_lesson_page(struct request *rq, struct error *e)
{
    struct lesson_page lp = {.rq = rq, .frozen = true};
    const struct publication *p = shelf_by_hash(rq->learning->shelf, request_param(rq, "course"),
                                                request_param(rq, "hash"), e);
    if (!p)
        return -1;
    lp.en.publication = p;
    lp.lesson = publication_lesson(p, request_param(rq, "lesson"), &lp.index);
    if (!lp.lesson)
        return error_set(e, ERROR_NOT_FOUND, "There was no such lesson in “%s”.", p->title);
    lp.base = version_href(rq->arena, p->course, p->hash);
    lp.href = arena_printf(rq->arena, "%s/%s", lp.base, lp.lesson->id);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", lp.lesson->title);
    view_text(view, "id", lp.lesson->id);
    view_text(view, "version", p->version);
    view_text(view, "hash", p->hash);
    view_course(view, rq, p);
    put_crumbs(view, rq, p, arena_printf(rq->arena, "Version %s", p->version), lp.base);
    if (version_put_date(view, rq, p, e) || lesson_put_pieces(&lp, view, e)) {
        cJSON_Delete(view);
        return -1;
    }
    lesson_put_references(&lp, view);
    const struct lesson *next = lp.index + 1 < p->lesson_count ? lp.lesson + 1 : NULL;
    view_text(view, "next_href",
              next ? arena_printf(rq->arena, "%s/%s", lp.base, next->id) : lp.base);
    view_text(view, "next_label",
              next ? arena_printf(rq->arena, "Next: %s", next->title) : "Back to this version");
    return response_page(rq, "lesson-version", view);
}

/* ---- the history ---- */

static int history_page(struct request *rq, struct error *e)
{
    struct enrolment en;
    struct publication_record *all;
    int begun = study_reading(rq, &en, e);
    int n = begun < 0 ? -1 : read_history(rq, request_param(rq, "course"), &all, e);
    if (n < 0)
        return -1;
    const struct publication *p = en.publication;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", arena_printf(rq->arena, "History of “%s”", p->title));
    view_course(view, rq, p);
    view_course_crumbs(view, rq, p);
    cJSON *list = view_list(view, "publications");
    for (int i = 0; i < n; i++) {
        cJSON *record = view_item(list);
        view_record(record, rq, p->course, &all[i]);
        view_bool(record, "is_yours", begun && all[i].id == p->id);
        view_bool(record, "is_current", i == 0);
    }
    return response_page(rq, "history", view);
}

/* ---- what changed ---- */

void view_difference(cJSON *it, struct request *rq, const struct difference *d, bool with_lines)
{
    view_text(it, "thing", thing_kind_name(d->kind));
    view_text(it, "thing_words", thing_kind_words(d->kind));
    view_text(it, "id", d->id);
    view_text(it, "name", d->title);
    view_text(it, "change", thing_change_name(d->change));
    view_text(it, "change_words", words_capital(rq->arena, thing_change_name(d->change)));
    view_text(it, "beyond_words", d->beyond_words ? d->beyond_words : "");
    cJSON *lines = view_list(it, "lines");
    for (int i = 0; with_lines && i < d->line_count; i++) {
        cJSON *line = view_item(lines);
        view_text(line, "text", d->lines[i].text);
        view_bool(line, "is_added", d->lines[i].mark == LINE_ADDED);
        view_bool(line, "is_removed", d->lines[i].mark == LINE_REMOVED);
        view_bool(line, "is_gap", d->lines[i].mark == LINE_GAP);
    }
    view_bool(it, "has_lines", with_lines && d->line_count > 0);
}

/* May every learner read its lines? */
static bool is_open_text(const struct difference *d)
{
    return d->kind == THING_LESSON || d->kind == THING_METADATA;
}

static const char *check_words(struct arena *a, const struct publication_diff *d)
{
    int count[4] = {0};
    for (int i = 0; i < d->count; i++)
        if (d->list[i].kind == THING_ITEM && d->list[i].for_check)
            count[d->list[i].change]++;
    if (count[THING_CHANGED] + count[THING_ADDED] + count[THING_REMOVED] == 0)
        return "";
    return arena_printf(a, "Questions of the learning check: %d changed, %d new, %d gone.",
                        count[THING_CHANGED], count[THING_ADDED], count[THING_REMOVED]);
}

static void put_changes(cJSON *view, struct request *rq, const struct publication_diff *d)
{
    cJSON *list = view_list(view, "changes");
    for (int i = 0; i < d->count; i++) {
        const struct difference *it = &d->list[i];
        if (it->change == THING_UNCHANGED || (it->kind == THING_ITEM && it->for_check))
            continue;
        cJSON *change = view_item(list);
        view_difference(change, rq, it, is_open_text(it));
    }
    view_bool(view, "has_changes", cJSON_GetArraySize(list) > 0);
    view_text(view, "check_words", check_words(rq->arena, d));
    view_bool(view, "has_moved", d->lessons_moved);
}

static const struct publication *publication_at(struct request *rq,
                                                const struct publication_record *r, struct error *e)
{
    return shelf_get(rq->learning->shelf, r->id, e);
}

static int changes_page(struct request *rq, struct error *e)
{
    const char *course = request_param(rq, "course"), *from = request_field(rq, "from");
    struct publication_record *all;
    int n = read_history(rq, course, &all, e);
    if (n < 0)
        return -1;
    int to = find_record(all, n, request_param(rq, "hash"));
    int since = from ? find_record(all, n, from) : to + 1;
    if (to < 0 || since < 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no such version of this course.");
    if (since >= n) /* nothing stands before the first */
        return response_redirect(rq, version_href(rq->arena, course, all[to].hash));
    const struct publication *before = publication_at(rq, &all[since], e),
                             *after = before ? publication_at(rq, &all[to], e) : NULL;
    if (!after)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", arena_printf(rq->arena, "What changed in version %s", after->version));
    view_course(view, rq, after);
    put_crumbs(view, rq, after, "History", arena_printf(rq->arena, "/courses/%s/history", course));
    view_record(view_object(view, "from"), rq, course, &all[since]);
    view_record(view_object(view, "to"), rq, course, &all[to]);
    put_changes(view, rq, publication_diff(rq->arena, before, after));
    return response_page(rq, "changes", view);
}

static const struct field changes_fields[] = {
    {.name = "from", .type = FIELD_ID, .summary = "Compare with this version's hash"},
};

const struct route versions_routes[] = {
    {METHOD_GET, "/courses/{course}/history", history_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .summary = "The publications of a course"},
    {METHOD_GET, "/courses/{course}/history/v{hash}", changes_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .fields = changes_fields, .field_count = 1,
     .summary = "What a publication changed"},
    {METHOD_GET, "/courses/{course}/v{hash}/{lesson}", frozen_lesson_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .summary = "A lesson as it was frozen when it was published"},
    {0},
};
