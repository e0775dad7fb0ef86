#include "pages/review_view.h"
#include "base/text.h"
#include "pages/letters.h"
#include "pages/question_view.h"
#include <string.h>

/* ---- the parts of a course ---- */

static void add_lesson(struct review_part *part, struct arena *a, const struct lesson *lesson)
{
    part->name = lesson->title;
    part->rest = arena_printf(a, "/lesson/%s", lesson->id);
    part->kind = "Lesson";
    part->lesson = lesson;
}

static void add_case(struct review_part *part, struct arena *a, const struct branching_case *it)
{
    part->name = it->title;
    part->rest = arena_printf(a, "/case/%s", it->id);
    part->kind = "Case";
    part->a_case = it;
}

static bool take(struct review_part *part, struct arena *a, const struct publication *p,
                 const char *path, int group, int *lessons, int *cases)
{
    static const char *const files[][3] = {
        {"questions.md", "Every question", "/questions"},
        {"references.md", "References", "/references"},
        {"facilitator.md", "Discussion guide", "/facilitator"},
    };
    *part = (struct review_part){.path = path, .kind = ""};
    if (group == 0 && text_starts(path, "lessons/") && *lessons < p->lesson_count)
        add_lesson(part, a, &p->lessons[(*lessons)++]);
    else if (group == 1 && text_starts(path, "cases/") && *cases < p->case_count)
        add_case(part, a, &p->cases[(*cases)++]);
    else if (group < 2 || strcmp(path, files[group - 2][0]) != 0)
        return false;
    else
        part->name = files[group - 2][1], part->rest = files[group - 2][2];
    return true;
}

int review_parts(const struct course_source *c, struct arena *a, struct review_part **out)
{
    const struct course_file *files;
    const struct publication *p = course_as_read(c);
    int count = course_files(c, &files), n = 0, lessons = 0, cases = 0;
    *out = arena_array(a, (size_t)count + 1, sizeof **out);
    for (int group = 0; group < 5; group++)
        for (int i = 0; i < count; i++)
            n += take(&(*out)[n], a, p, files[i].path, group, &lessons, &cases);
    return n;
}

/* ---- a block ---- */

static void put_item(cJSON *block, struct arena *a, const struct publication *p,
                     const struct item *item)
{
    cJSON *box = view_object(block, "test_item");
    const struct objective *objective = NULL;
    for (int i = 0; i < p->objective_count; i++)
        if (strcmp(p->objectives[i].id, item->objective) == 0)
            objective = &p->objectives[i];
    view_question(box, item);
    view_result(box, a, item, NULL, "");
    /* Nobody has answered it: there is no verdict to speak of. */
    cJSON_DeleteItemFromObjectCaseSensitive(box, "verdict");
    cJSON_DeleteItemFromObjectCaseSensitive(box, "verdict_words");
    cJSON_DeleteItemFromObjectCaseSensitive(box, "is_answered");
    view_text(box, "use_words",
              item->use == ITEM_FOR_LESSON ? "Question of a lesson"
              : item->spaced               ? "Question of the learning check; comes back later"
                                           : "Question of the learning check");
    view_text(box, "objective", objective ? objective->text : "");
}

static void put_scene(cJSON *block, struct arena *a, const struct scene *scene)
{
    cJSON *box = view_object(block, "scene");
    view_text(box, "id", scene->id);
    view_text(box, "name", *scene->title ? scene->title : arena_printf(a, "Scene “%s”", scene->id));
    view_bool(box, "is_end", scene->end);
}

static void put_choices(cJSON *block, struct arena *a, const struct branching_case *it,
                        const struct scene *scene)
{
    cJSON *list = view_list(view_object(block, "decision"), "choices");
    for (int i = 0; i < scene->choice_count; i++) {
        const struct choice *from = &scene->choices[i];
        const struct scene *to = &it->scenes[from->target];
        cJSON *choice = view_item(list);
        view_text(choice, "choice_html", from->html);
        view_text(choice, "consequence_html", from->consequence_html);
        view_text(choice, "leads_href", arena_printf(a, "#scene-%s", to->id));
        view_text(choice, "leads_to", *to->title ? to->title : to->id);
    }
}

/* The view's pieces are made by lesson_view, as for somebody who is not enrolled. */
static int put_piece(cJSON *block, const struct review *r, const struct lesson *lesson, int piece,
                     struct error *e)
{
    struct lesson_page lp = {
        .rq = r->rq, .lesson = lesson, .base = r->base, .href = r->base, .query = review_query(r)};
    lp.en.publication = r->p;
    return lesson_put_piece(&lp, block, &lesson->pieces[piece], e);
}

int view_review_block(cJSON *item, const struct review *r, const struct review_part *part,
                      const struct course_block *block, struct error *e)
{
    static const char *const kinds[] = {
        [BLOCK_TEXT] = "text",           [BLOCK_PIECE] = "callout", [BLOCK_ITEM] = "question",
        [BLOCK_REFERENCE] = "reference", [BLOCK_SCENE] = "scene",   [BLOCK_CHOICES] = "choices",
    };
    struct arena *a = r->rq->arena;
    const struct publication *p = r->p;
    view_text(item, "id", block->id);
    view_text(item, "about", words_cut(a, block->text, 80));
    if (block->kind == BLOCK_PIECE)
        return put_piece(item, r, part->lesson, block->index, e);
    view_text(item, "kind", kinds[block->kind]);
    if (block->kind == BLOCK_TEXT)
        view_text(item, "text_html", block->html);
    else if (block->kind == BLOCK_ITEM)
        put_item(item, a, p, &p->items[block->index]);
    else if (block->kind == BLOCK_SCENE)
        put_scene(item, a, &part->a_case->scenes[block->index]);
    else if (block->kind == BLOCK_CHOICES)
        put_choices(item, a, part->a_case, &part->a_case->scenes[block->index]);
    if (block->kind == BLOCK_REFERENCE) {
        cJSON *reference = view_object(item, "reference");
        view_text(reference, "key", p->references[block->index].key);
        view_text(reference, "reference_html", p->references[block->index].html);
    }
    return 0;
}

void view_review_comment(cJSON *item, struct request *rq, const struct review_comment *said)
{
    view_int(item, "id", said->id);
    view_text(item, "name", said->name);
    view_text(item, "said_words", words_date(rq, said->written_at));
    view_text(item, "body", said->body);
    view_int(item, "version", said->version);
    view_text(item, "excerpt", said->excerpt);
    view_bool(item, "is_done", said->resolved_at != 0);
}

int review_take_error(const struct review *r, struct error *e)
{
    int status = e->kind == ERROR_INVALID    ? 422
                 : e->kind == ERROR_CONFLICT ? 409
                 : e->kind == ERROR_TOO_MANY ? 429
                                             : 0;
    if (status) {
        request_add_error(r->rq, e);
        *e = (struct error){0};
    }
    return status;
}
