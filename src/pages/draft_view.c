#include "pages/draft_view.h"
#include "base/text.h"
#include "course/bundle.h"
#include <string.h>

#define QUOTE_MAX 160 /* bytes of a line that are quoted */

int draft_open(struct request *rq, struct draft *out, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    return c ? draft_find(c, request_param(rq, "draft"), rq->arena, out, e) : -1;
}

struct course_source *draft_read(struct request *rq, const struct draft *d, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    return c ? draft_source(c, rq->learning, d->id, d->head, draft_href(rq->arena, d, "/media"),
                            rq->now, e)
             : NULL;
}

static int count_of(const struct course_source *c, enum severity severity)
{
    const struct diagnostic *list;
    int n = course_diagnostics(c, &list), count = 0;
    for (int i = 0; i < n; i++)
        count += list[i].severity == severity;
    return count;
}

void draft_check_again(struct draft *d, const struct course_source *c)
{
    d->errors = course_errors(c);
    d->warnings = count_of(c, SEVERITY_WARNING);
}

const char *draft_href(struct arena *a, const struct draft *d, const char *rest)
{
    return arena_printf(a, "/authoring/%s%s", d->uuid, rest);
}

const char *draft_edit_href(struct arena *a, const struct draft *d, const char *path, int line)
{
    const char *encoded = text_percent_encode(a, path, true);
    if (line > 0)
        return arena_printf(a, "/authoring/%s/edit?path=%s&line=%d", d->uuid, encoded, line);
    return arena_printf(a, "/authoring/%s/edit?path=%s", d->uuid, encoded);
}

const char *draft_title(const struct draft *d)
{
    return *d->title ? d->title : *d->course ? d->course : "Draft without a title";
}

/* ---- words ---- */

const char *words_when(struct request *rq, instant at)
{
    char time[9];
    zone_time(((const struct site *)rq->app)->zone, at, time);
    return arena_printf(rq->arena, "%s, %.5s", words_date(rq, at), time);
}

const char *words_count(struct arena *a, int n, const char *one)
{
    return arena_printf(a, "%d %s%s", n, one, n == 1 ? "" : "s");
}

const char *words_problems(struct arena *a, int errors, int warnings)
{
    if (errors == 0 && warnings == 0)
        return "No errors, no warnings";
    const char *first = errors ? words_count(a, errors, "error") : "No errors";
    return warnings ? arena_printf(a, "%s, %s", first, words_count(a, warnings, "warning")) : first;
}

const char *words_size(struct arena *a, size_t bytes)
{
    return arena_printf(a, "%zu KB", (bytes + 1023) / 1024);
}

const char *upload_note(struct arena *a, const char *filename, const struct bundle *b)
{
    return *b->left_out ? arena_printf(a, "Uploaded %s; left out, as no course holds it: %s",
                                       filename, b->left_out)
                        : arena_printf(a, "Uploaded %s", filename);
}

/* ---- parts of views ---- */

cJSON *view_draft(cJSON *view, struct request *rq, const struct draft *d)
{
    cJSON *draft = view_object(view, "draft");
    view_text(draft, "id", d->uuid);
    view_text(draft, "name", draft_title(d));
    view_text(draft, "course", d->course);
    view_text(draft, "href", draft_href(rq->arena, d, ""));
    view_int(draft, "version", d->head);
    view_text(draft, "owner", d->owner_name);
    view_int(draft, "errors", d->errors);
    view_int(draft, "warnings", d->warnings);
    view_bool(draft, "is_clean", d->errors == 0);
    view_bool(draft, "is_ready", draft_is_ready(d));
    return draft;
}

void view_draft_state(cJSON *view, struct request *rq, const struct draft *d)
{
    cJSON *draft = view_draft(view, rq, d);
    view_text(draft, "saved_words", words_when(rq, d->changed_at));
    view_text(draft, "saved_by", d->changed_by);
    view_text(draft, "note", d->note);
    view_text(draft, "problem_words", words_problems(rq->arena, d->errors, d->warnings));
}

void view_draft_crumbs(cJSON *view, struct request *rq, const struct draft *d)
{
    view_crumb(view, "Authoring", "/authoring");
    view_crumb(view, draft_title(d), draft_href(rq->arena, d, ""));
}

static const char *quoted_line(struct arena *a, const struct course_source *c, const char *path,
                               int line)
{
    size_t n;
    const char *s = course_line(c, path, line, &n);
    while (n > 0 && (*s == ' ' || *s == '\t'))
        s++, n--;
    size_t shown = text_utf8_prefix(s, n < QUOTE_MAX ? n : QUOTE_MAX);
    return arena_printf(a, "%.*s%s", (int)shown, s, shown < n ? "…" : "");
}

static void put_problem(cJSON *list, struct request *rq, const struct draft *d,
                        const struct course_source *c, const struct diagnostic *from)
{
    static const char *const words[] = {"Error", "Warning", "Note"};
    static const char *const keys[] = {"error", "warning", "note"};
    struct arena *a = rq->arena;
    cJSON *problem = view_item(list);
    view_text(problem, "severity", keys[from->severity]);
    view_text(problem, "severity_words", words[from->severity]);
    view_bool(problem, "is_error", from->severity == SEVERITY_ERROR);
    view_text(problem, "code", arena_strdup(a, from->code));
    view_int(problem, "line", from->line);
    view_int(problem, "column", from->column);
    view_text(problem, "message", arena_strdup(a, from->message));
    view_text(problem, "hint", arena_strdup(a, from->hint));
    view_text(problem, "quote", quoted_line(a, c, from->file, from->line));
    view_text(problem, "href", draft_edit_href(a, d, from->file, from->line));
}

void view_problems(cJSON *view, struct request *rq, const struct draft *d,
                   const struct course_source *c, const char *only)
{
    const struct diagnostic *list;
    int n = course_diagnostics(c, &list);
    cJSON *files = view_list(view, "problems"), *lines = NULL;
    bool any = false;
    for (int i = 0; i < n; i++) {
        if (only && strcmp(list[i].file, only) != 0)
            continue;
        if (!lines || strcmp(list[i].file, list[i - 1].file) != 0) {
            cJSON *file = view_item(files);
            const char *path = arena_strdup(rq->arena, list[i].file);
            size_t size;
            view_text(file, "file", path);
            view_bool(file, "is_there", course_bytes(c, path, &size) != NULL);
            view_bool(file, "is_here", only != NULL);
            view_bool(file, "is_ours", course_path(path) == PATH_OURS);
            view_text(file, "href", draft_edit_href(rq->arena, d, path, 0));
            lines = view_list(file, "lines");
        }
        put_problem(lines, rq, d, c, &list[i]);
        any = true;
    }
    view_bool(view, "has_problems", any);
}
