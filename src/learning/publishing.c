#include "learning/publishing.h"
#include "base/text.h"
#include "learning/draft.h"
#include "learning/ledger.h"
#include "learning/moves.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

const char *publish_folder(const struct learning *l, const char *course, struct arena *a)
{
    size_t n = strspn(course, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (n == 0 || course[n] || n > 64)
        return NULL;
    return arena_printf(a, "%s/%s", l->settings->courses, course);
}

/* ---- how many ---- */

struct group {
    int64_t begun, finished_under, read, people;
    bool finished;
};

/* Are there lessons in `next` that somebody who knows `known` has not read? 1, 0, or -1. */
static int has_something_new(struct conn *c, struct learning *l, int64_t known,
                             const struct publish_plan *p, struct error *e)
{
    const struct publication *was = shelf_get(l->shelf, known, e);
    if (!was)
        return -1;
    for (int i = 0; i < p->next->lesson_count; i++) {
        const char *id = p->next->lessons[i].id;
        if (lesson_same(was, p->next, id))
            continue;
        int stays = lesson_same(p->current, p->next, id)
                        ? moves_lesson_stays(c, l, known, p->current, id, e)
                        : 0;
        if (stays <= 0)
            return stays < 0 ? -1 : 1;
    }
    return 0;
}

/* What each kind does to the people of one group. */
static int add_group(struct conn *c, struct learning *l, struct publish_plan *p,
                     const struct group *g, struct error *e)
{
    struct standing s = {.from = g->finished ? g->finished_under : g->begun,
                         .finished = g->finished};
    int64_t at = moves_follow(c, p->course, &s, p->current->id, e);
    int fresh = g->finished ? has_something_new(c, l, g->read ? g->read : at, p, e) : 0;
    if (at < 0 || fresh < 0)
        return -1;
    for (int i = 0; i < p->choice_count; i++) {
        struct reach *r = &p->choices[i].reach;
        enum change_kind kind = p->choices[i].kind;
        bool moves = kind == CHANGE_TYPO         ? at == p->current->id
                     : kind == CHANGE_CORRECTION ? !g->finished
                                                 : false;
        r->move += moves ? g->people : 0;
        r->stay += !moves && !g->finished ? g->people : 0;
        r->told += kind == CHANGE_CORRECTION && g->finished ? g->people : 0;
        r->offered += kind == CHANGE_MATERIAL && fresh ? g->people : 0;
    }
    *(g->finished ? &p->finished : &p->unfinished) += g->people;
    return 0;
}

static int count_reach(struct conn *c, struct learning *l, struct publish_plan *p, struct error *e)
{
    struct stmt *st = db_query(c, &sql_reach_groups, e, "t", p->course);
    if (!st)
        return -1;
    int step = 0, result = 0;
    while (result == 0 && (step = db_step(st, e)) == 1) {
        struct group g = {.begun = db_int(st, 0),
                          .finished = db_int(st, 1) != 0,
                          .finished_under = db_int(st, 2),
                          .read = db_int(st, 3),
                          .people = db_int(st, 4)};
        result = add_group(c, l, p, &g, e);
    }
    db_done(st);
    return step < 0 ? -1 : result;
}

int publish_learners(struct conn *c, const char *course, int64_t *unfinished, int64_t *finished,
                     struct error *e)
{
    struct stmt *st = db_query(c, &sql_course_learners, e, "t", course);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        *unfinished = db_int(st, 0);
        *finished = db_int(st, 1);
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

/* ---- the plan ---- */

static int find_current(struct learning *l, struct conn *c, struct arena *a, struct publish_plan *p,
                        struct error *e)
{
    struct error none = {0};
    struct publication_draft *drafts;
    p->current = shelf_current(l->shelf, p->course, &none);
    if (!p->current && none.kind != ERROR_NOT_FOUND) {
        *e = none;
        return -1;
    }
    p->first = !p->current;
    p->unchanged = p->current && p->next && strcmp(p->current->hash, p->next->hash) == 0;
    int n = p->first ? 0 : publication_drafts(c, p->course, a, &drafts, e);
    if (n > 0 && drafts[0].publication == p->current->id)
        p->current_draft = drafts[0].draft;
    return n < 0 ? -1 : 0;
}

/* The first key of site.json that the course needs and that is blank, or NULL. Of the source. */
static const char *find_blank(struct learning *l, const struct course_source *source)
{
    const char *const *keys;
    int n = course_site_required(source, &keys);
    for (int i = 0; i < n; i++)
        if (!*shelf_site(l->shelf, keys[i]))
            return keys[i];
    return NULL;
}

/* A blank of site.json may have been filled since the server started. */
static void fill_blanks(struct learning *l, const struct course_source *source, struct arena *a)
{
    struct error none = {0}; /* the blank stays, and is named */
    if (find_blank(l, source))
        shelf_load_site(l->shelf, arena_printf(a, "%s/site.json", l->settings->courses), &none);
}

/* Why not even the most careful choice can be published. */
static const char *find_block(struct learning *l, const struct publish_plan *p, struct arena *a)
{
    struct error why = {0};
    if (!p->next)
        return p->draft
                   ? "The draft has errors by today's check. Its author can mend them and send it "
                     "again."
                   : "The folder has errors. Correct them first.";
    if (shelf_may_publish(l->shelf, p->source, &why))
        return arena_strdup(a, why.message);
    const struct publication *twin =
        p->first || p->unchanged ? NULL : shelf_by_hash(l->shelf, p->course, p->next->hash, &why);
    return twin ? arena_printf(a,
                               "These very files were published before. To publish them again, set "
                               "a new \"version\" in course.json (it is %s).",
                               p->next->version)
                : NULL;
}

static void put_choices(struct publish_plan *p, struct arena *a)
{
    static const enum change_kind later[] = {CHANGE_TYPO, CHANGE_CORRECTION, CHANGE_MINOR,
                                             CHANGE_MATERIAL};
    if (p->first) {
        p->choices[p->choice_count++] = (struct publish_choice){.kind = CHANGE_FIRST};
        return;
    }
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        struct error why = {0};
        struct publish_choice *it = &p->choices[p->choice_count++];
        *it = (struct publish_choice){.kind = later[i]};
        if (change_allowed(p->diff, later[i], &why))
            it->why_not = arena_strdup(a, why.message);
    }
}

/* What was read, against what stands. `name`: the course when the source cannot say it. */
static int compare(struct learning *l, struct conn *c, const char *name, struct arena *a,
                   struct publish_plan *out, struct error *e)
{
    out->next = course_publication(out->source);
    out->course = out->next ? out->next->course : name;
    if (find_current(l, c, a, out, e))
        return -1;
    fill_blanks(l, out->source, a);
    out->blocked = find_block(l, out, a);
    if (out->unchanged)
        return publish_learners(c, out->course, &out->unfinished, &out->finished, e);
    if (!out->next)
        return 0;
    if (!out->first)
        out->diff = publication_diff(a, out->current, out->next);
    put_choices(out, a);
    return out->first ? 0 : count_reach(c, l, out, e);
}

int publish_plan_make(struct learning *l, struct conn *c, const char *folder, instant at,
                      struct arena *a, struct publish_plan *out, struct error *e)
{
    *out = (struct publish_plan){.folder = folder, .source = course_read(folder, at, e)};
    const char *slash = strrchr(folder, '/');
    return out->source ? compare(l, c, slash ? slash + 1 : folder, a, out, e) : -1;
}

int publish_plan_draft(struct learning *l, struct conn *c, const struct draft_ready *d, instant at,
                       struct arena *a, struct publish_plan *out, struct error *e)
{
    *out = (struct publish_plan){.draft = d,
                                 .source = draft_source(c, l, d->id, d->version, NULL, at, e)};
    return out->source ? compare(l, c, d->course, a, out, e) : -1;
}

int publish_folders_new(struct learning *l, instant at, struct arena *a, struct course_folder **out)
{
    const char **names = NULL;
    struct error none = {0};
    int count = 0, n = course_folders(l->settings->courses, a, &names, &none);
    *out = arena_array(a, n > 0 ? (size_t)n : 1, sizeof **out);
    for (int i = 0; i < n; i++) {
        const char *folder = publish_folder(l, names[i], a);
        if (!folder || shelf_current(l->shelf, names[i], &none))
            continue;
        struct course_folder *it = &(*out)[count++];
        *it = (struct course_folder){.course = names[i], .title = names[i]};
        struct course_source *source = course_read(folder, at, &none);
        if (!source)
            continue;
        fill_blanks(l, source, a);
        const char *title = course_as_read(source)->title, *blank = find_blank(l, source);
        it->title = *title ? arena_strdup(a, title) : it->title;
        it->blank = blank ? arena_strdup(a, blank) : NULL;
        course_free(source);
    }
    return count;
}

int publish_plan_none(struct learning *l, struct conn *c, const char *course, struct arena *a,
                      struct publish_plan *out, struct error *e)
{
    *out = (struct publish_plan){.course = arena_strdup(a, course),
                                 .blocked = "There is no folder of this course here."};
    out->current = shelf_current(l->shelf, course, e);
    return out->current ? publish_learners(c, course, &out->unfinished, &out->finished, e) : -1;
}

void publish_plan_free(struct publish_plan *p)
{
    course_free(p->source);
    p->source = NULL;
}

const struct publish_choice *publish_plan_choice(const struct publish_plan *p,
                                                 enum change_kind kind)
{
    for (int i = 0; i < p->choice_count; i++)
        if (p->choices[i].kind == kind)
            return &p->choices[i];
    return NULL;
}

/* ---- doing it ---- */

int publish_check(const struct publish_plan *p, enum change_kind kind, const char *note,
                  struct error *e)
{
    const struct publish_choice *it = publish_plan_choice(p, kind);
    if (p->blocked)
        return error_set(e, ERROR_INVALID, "%s", p->blocked);
    if (!it)
        return error_field(e, "kind",
                           p->unchanged ? "Nothing has changed, so there is nothing to publish."
                                        : "Choose the kind of change.");
    if (it->why_not)
        return error_field(e, "kind", "%s", it->why_not);
    if (change_kind_needs_note(kind) && (!note || !*note))
        return error_field(e, "note", "Say in a sentence what changed: learners read it.");
    if (note && (text_code_points(note) > NOTE_MAX || !text_is_line(note, strlen(note))))
        return error_field(e, "note", "Say what changed in one line of at most %d characters.",
                           NOTE_MAX);
    return 0;
}

struct audited {
    int64_t by;
    const char *course, *kind;
    instant at;
    const struct draft_ready *draft; /* or NULL */
};

static int with_publication(struct conn *c, void *arg, int64_t publication, struct error *e)
{
    const struct audited *w = arg;
    char detail[128];
    snprintf(detail, sizeof detail, "%s", w->kind);
    if (w->draft) {
        if (draft_ready_published(c, w->draft, publication, e))
            return -1;
        snprintf(detail, sizeof detail, "%s draft=%s version=%d", w->kind, w->draft->uuid,
                 w->draft->version);
    }
    return audit_append(c, w->by, "course.publish", w->course, detail, w->at, e);
}

int publish_do(struct learning *l, const struct publish_plan *p, enum change_kind kind,
               const char *note, int64_t by, instant at, struct error *e)
{
    struct audited w = {by, p->course, change_kind_name(kind), at, p->draft};
    struct publish_as as = {.kind = kind,
                            .note = note ? note : "",
                            .by = by,
                            .at = at,
                            .after = p->current ? p->current->id : 0,
                            .with = with_publication,
                            .with_arg = &w};
    return publish_check(p, kind, note, e) ? -1
                                           : shelf_publish_as(l->shelf, p->source, &as, NULL, e);
}

int publish_first(struct learning *l, const struct course_source *source, instant at, int64_t *id,
                  struct error *e)
{
    struct audited w = {AUDIT_COMMAND_LINE, course_as_read(source)->course,
                        change_kind_name(CHANGE_FIRST), at, NULL};
    struct publish_as as = {
        .kind = CHANGE_FIRST, .note = "", .at = at, .with = with_publication, .with_arg = &w};
    return shelf_publish_as(l->shelf, source, &as, id, e);
}
