#include "pages/publishing_view.h"
#include "base/text.h"
#include "pages/draft_view.h"
#include "pages/versions.h"
#include <stdlib.h>
#include <string.h>

#define REVIEW_NOTICE_DAYS 30

/* ---- where, and in words ---- */

const char *publishing_href(struct arena *a, const char *course)
{
    return arena_printf(a, "/administration/courses/%s", course);
}

static const char *draft_publishing_href(struct arena *a, const char *uuid)
{
    return arena_printf(a, "/administration/drafts/%s", uuid);
}

/* Where the plan is looked at. */
const char *plan_href(struct arena *a, const struct publish_plan *plan)
{
    return plan->draft ? draft_publishing_href(a, plan->draft->uuid)
                       : publishing_href(a, plan->course);
}

/* "Review due in 12 days", when it is near or past; "" otherwise. */
const char *words_review(struct request *rq, const struct publication *p)
{
    const struct lesson *where = NULL;
    const char *date = publication_review_by(p, &where);
    instant due;
    if (!date || !instant_parse_date(date, &due))
        return "";
    int64_t left = due + INSTANT_DAY - rq->now, days = left / INSTANT_DAY;
    if (left <= 0)
        return arena_printf(rq->arena, "Under review since %s: “%s”",
                            words_date(rq, due + INSTANT_DAY / 2), where->title);
    if (days > REVIEW_NOTICE_DAYS)
        return "";
    if (days == 0)
        return arena_printf(rq->arena, "Review due today: “%s”", where->title);
    return arena_printf(rq->arena, "Review due in %d day%s: “%s”", (int)days, days == 1 ? "" : "s",
                        where->title);
}

const char *words_blank(struct arena *a, const struct course_folder *folder)
{
    if (!folder->blank)
        return "";
    char *key = arena_strdup(a, folder->blank);
    for (char *at = key; *at; at++)
        *at = *at == '_' ? ' ' : *at;
    return arena_printf(a, "Waits for the site’s %s in site.json", key);
}

/* ---- parts ---- */

/* What an author sent: whose it is, which version, and whether the draft has moved on since. */
void view_draft_ready(cJSON *it, struct request *rq, const struct draft_ready *d)
{
    struct arena *a = rq->arena;
    view_text(it, "id", d->uuid);
    view_text(it, "name", *d->title ? d->title : d->course);
    view_text(it, "course", d->course);
    view_text(it, "href", draft_publishing_href(a, d->uuid));
    view_text(it, "draft_href", arena_printf(a, "/authoring/%s", d->uuid));
    view_int(it, "version", d->version);
    view_text(it, "owner", d->owner_name);
    view_text(it, "saved_by", d->saved_by);
    view_text(it, "sent_by", d->sent_by);
    view_text(it, "sent_words", words_when(rq, d->sent_at));
    view_int(it, "present_version", d->head);
    view_bool(it, "has_moved_on", d->head != d->version);
}

/* What a kind does, in a sentence with its numbers. */
const char *words_reach(struct arena *a, const struct publish_choice *it)
{
    const struct reach *r = &it->reach;
    switch (it->kind) {
    case CHANGE_FIRST:
        return "Everybody may begin it from now on.";
    case CHANGE_TYPO:
        return arena_printf(a,
                            "%lld on the current version get the new text at once; what is done "
                            "stays done. %lld on earlier versions keep theirs.",
                            (long long)r->move, (long long)r->stay);
    case CHANGE_CORRECTION:
        return arena_printf(a,
                            "Moves %lld who have not finished; unchanged lessons stay done. Tells "
                            "%lld who have finished.",
                            (long long)r->move, (long long)r->told);
    case CHANGE_MINOR:
        return arena_printf(a, "For new starters only. %lld go on with the version they began.",
                            (long long)r->stay);
    default:
        return arena_printf(a,
                            "For new starters. %lld who have finished are offered the changed "
                            "lessons; %lld go on with the version they began.",
                            (long long)r->offered, (long long)r->stay);
    }
}

void view_plan_choices(cJSON *view, struct request *rq, const struct publish_plan *plan)
{
    cJSON *list = view_list(view, "choices");
    bool any = false;
    for (int i = 0; i < plan->choice_count; i++) {
        const struct publish_choice *it = &plan->choices[i];
        bool allowed = !it->why_not && !plan->blocked;
        cJSON *choice = view_item(list);
        view_text(choice, "kind", change_kind_name(it->kind));
        view_text(choice, "kind_words", change_kind_words(it->kind));
        view_bool(choice, "is_allowed", allowed);
        view_text(choice, "why_not", it->why_not ? it->why_not : "");
        view_text(choice, "reach_words", words_reach(rq->arena, it));
        view_int(choice, "move", it->reach.move);
        view_int(choice, "told", it->reach.told);
        view_int(choice, "offered", it->reach.offered);
        view_int(choice, "stay", it->reach.stay);
        view_bool(choice, "is_chosen",
                  plan->choice_count == 1 ||
                      text_equal(request_field(rq, "kind"), change_kind_name(it->kind)));
        any = any || allowed;
    }
    view_bool(view, "may_publish", any);
}

void view_plan_problems(cJSON *view, struct request *rq, const struct publish_plan *plan)
{
    static const char *const names[] = {
        [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};
    const struct diagnostic *list;
    int n = plan->source ? course_diagnostics(plan->source, &list) : 0;
    cJSON *problems = view_list(view, "problems");
    for (int i = 0; i < n; i++) {
        if (list[i].severity != SEVERITY_ERROR && !diagnostic_blocks(&list[i]))
            continue;
        cJSON *it = view_item(problems);
        view_text(it, "place",
                  arena_printf(rq->arena, "%s:%d:%d", list[i].file, list[i].line, list[i].column));
        view_text(it, "code",
                  arena_printf(rq->arena, "%s[%s]", names[list[i].severity], list[i].code));
        view_text(it, "message", list[i].message);
        view_text(it, "hint", list[i].hint);
    }
    view_bool(view, "has_problems", cJSON_GetArraySize(problems) > 0);
}

void view_plan_differences(cJSON *view, struct request *rq, const struct publication_diff *d,
                           bool with_lines)
{
    cJSON *list = view_list(view, "changes");
    for (int i = 0; d && i < d->count; i++)
        if (d->list[i].change != THING_UNCHANGED)
            view_difference(view_item(list), rq, &d->list[i], with_lines);
    view_bool(view, "has_changes", d && d->changed > 0);
    view_bool(view, "has_moved", d && d->lessons_moved);
}

/* Is version `a` ("1.10.0") lower than (below 0), as high as, or higher than `b`? */
static int version_order(const char *a, const char *b)
{
    for (;;) {
        char *a_end, *b_end;
        unsigned long x = strtoul(a, &a_end, 10), y = strtoul(b, &b_end, 10);
        if (x != y)
            return x < y ? -1 : 1;
        if (*a_end != '.' || *b_end != '.')
            return (*a_end == '.') - (*b_end == '.');
        a = a_end + 1;
        b = b_end + 1;
    }
}

/* What speaks against the next version's number, which nothing but people's eyes needs; or "". */
static const char *words_number_of(struct arena *a, const struct publish_plan *plan)
{
    if (!plan->current || !plan->next || plan->unchanged || plan->blocked)
        return "";
    const char *next = plan->next->version, *current = plan->current->version;
    int order = version_order(next, current);
    if (order > 0)
        return "";
    if (order == 0)
        return arena_printf(a,
                            "Version %s is the number of the published one, too; change "
                            "\"version\" in course.json so that both can be told apart.",
                            next);
    return arena_printf(a,
                        "Version %s is lower than the published one, %s; change \"version\" in "
                        "course.json so that the newer one has the higher number.",
                        next, current);
}

void view_plan(cJSON *view, struct request *rq, const struct publish_plan *plan)
{
    struct arena *a = rq->arena;
    view_text(view, "id", plan->course);
    view_text(view, "href", plan_href(a, plan));
    view_text(view, "folder", plan->folder ? plan->folder : "");
    view_bool(view, "has_source", plan->source != NULL);
    if (plan->draft)
        view_draft_ready(view_object(view, "draft"), rq, plan->draft);
    else
        view_bool(view, "draft", false);
    view_text(view, "current_version", plan->current ? plan->current->version : "");
    view_text(view, "current_hash", plan->current ? plan->current->hash : "");
    view_text(view, "next_version", plan->next ? plan->next->version : "");
    view_text(view, "next_hash", plan->next ? plan->next->hash : "");
    view_text(view, "version_words", words_number_of(a, plan));
    view_bool(view, "is_first", plan->first);
    view_bool(view, "is_unchanged", plan->unchanged);
    view_text(view, "blocked", plan->blocked ? plan->blocked : "");
    view_int(view, "unfinished", plan->unfinished);
    view_int(view, "finished", plan->finished);
    view_text(view, "review_words", plan->current ? words_review(rq, plan->current) : "");
}

/* Says of a publication which draft it was made from, if it was. */
static void put_origin(cJSON *record, struct arena *a, int64_t publication,
                       const struct publication_draft *drafts, int n)
{
    const struct publication_draft *from = NULL;
    for (int i = 0; i < n && !from; i++)
        if (drafts[i].publication == publication)
            from = &drafts[i];
    view_text(record, "writer", from ? from->writer : "");
    view_text(record, "draft_href",
              from && from->is_there ? arena_printf(a, "/authoring/%s", from->draft) : "");
}

int view_plan_history(cJSON *view, struct request *rq, const char *course, struct error *e)
{
    struct publication_record *all;
    struct publication_draft *drafts;
    struct conn *c = request_reader(rq, e);
    int n = c ? publication_history(c, course, rq->arena, &all, e) : -1;
    int from = n < 0 ? -1 : publication_drafts(c, course, rq->arena, &drafts, e);
    cJSON *list = view_list(view, "publications");
    for (int i = 0; i < n && from >= 0; i++) {
        cJSON *record = view_item(list);
        view_record(record, rq, course, &all[i]);
        put_origin(record, rq->arena, all[i].id, drafts, from);
    }
    view_bool(view, "has_publications", n > 0);
    return from < 0 ? -1 : 0;
}
