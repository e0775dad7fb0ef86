/*
 * Things are matched by id. What is beyond words (a key, an option, a scene, the rule of finishing)
 * is found by comparing what was read; whether anything changed at all, by comparing what was
 * written.
 */
#include "course/diff.h"
#include "base/text.h"
#include "course/list.h"
#include <string.h>

struct comparing {
    struct arena *arena;
    struct publication_diff *d;
    struct list list; /* struct difference */
};

static const struct {
    const char *name, *words;
} kinds[THING__COUNT] = {
    [THING_METADATA] = {"metadata", "Course data"},
    [THING_LESSON] = {"lesson", "Lesson"},
    [THING_ITEM] = {"item", "Question"},
    [THING_CASE] = {"case", "Case"},
    [THING_REFERENCE] = {"reference", "Reference"},
    [THING_GUIDE] = {"guide", "Facilitator guide"},
    [THING_MEDIA] = {"media", "Image or file"},
};
static const char *const changes[] = {"unchanged", "changed", "added", "removed"};

const char *thing_kind_name(enum thing_kind kind)
{
    return kinds[kind].name;
}

const char *thing_kind_words(enum thing_kind kind)
{
    return kinds[kind].words;
}

const char *thing_change_name(enum thing_change change)
{
    return changes[change];
}

/* ---- one thing ---- */

static struct difference *put(struct comparing *x, enum thing_kind kind, const char *id,
                              const char *title, enum thing_change change)
{
    struct difference *it = list_add(x->arena, &x->list, sizeof *it);
    *it = (struct difference){.kind = kind, .id = id, .title = title, .change = change};
    x->d->changed += change != THING_UNCHANGED;
    return it;
}

/* Compares the sources; "" on a side where there is none. */
static void put_lines(struct comparing *x, struct difference *it, const char *before,
                      const char *after)
{
    it->line_count = lines_compare(x->arena, before, after, &it->lines);
    for (int i = 0; i < it->line_count; i++) {
        it->lines_added += it->lines[i].mark == LINE_ADDED;
        it->lines_removed += it->lines[i].mark == LINE_REMOVED;
    }
}

static struct difference *put_pair(struct comparing *x, enum thing_kind kind, const char *id,
                                   const char *title, const char *before, const char *after)
{
    bool same = before && after && strcmp(before, after) == 0;
    struct difference *it = put(x, kind, id, title,
                                same      ? THING_UNCHANGED
                                : !before ? THING_ADDED
                                : !after  ? THING_REMOVED
                                          : THING_CHANGED);
    if (!same)
        put_lines(x, it, before ? before : "", after ? after : "");
    return it;
}

/* ---- what is beyond words ---- */

static const char *metadata_beyond(const struct publication *a, const struct publication *b)
{
    if (a->needs_lessons != b->needs_lessons || a->needs_case != b->needs_case ||
        a->needs_check != b->needs_check || a->test_out != b->test_out)
        return "what finishing takes";
    if (a->pass_percent != b->pass_percent || a->check_draw != b->check_draw ||
        a->pre_draw != b->pre_draw)
        return "how the learning check is drawn or passed";
    if (a->valid_months != b->valid_months)
        return "how long its certificate is good";
    if (a->objective_count != b->objective_count)
        return "its objectives";
    for (int i = 0; i < a->objective_count; i++)
        if (strcmp(a->objectives[i].id, b->objectives[i].id) != 0)
            return "its objectives";
    return NULL;
}

/* Callouts are known by what they name. */
static const char *piece_name(const struct publication *p, const struct piece *piece)
{
    return piece->kind == PIECE_CHECK ? p->items[piece->item].id : piece->ref;
}

static const struct piece *next_callout(const struct lesson *l, int *at)
{
    while (*at < l->piece_count && l->pieces[*at].kind == PIECE_HTML)
        ++*at;
    return *at < l->piece_count ? &l->pieces[(*at)++] : NULL;
}

static const char *lesson_beyond(const struct publication *a, const struct lesson *x,
                                 const struct publication *b, const struct lesson *y)
{
    int i = 0, j = 0;
    const struct piece *p, *q;
    do {
        p = next_callout(x, &i);
        q = next_callout(y, &j);
        if (!p != !q ||
            (p && (p->kind != q->kind || !text_equal(piece_name(a, p), piece_name(b, q)))))
            return "a question, case, reflection or other callout in it";
    } while (p);
    return NULL;
}

/* Is the new text the old option with some letters corrected, rather than another option? */
static bool still_that_option(const char *before, const char *after)
{
    size_t n = strlen(before), m = strlen(after), longer = n > m ? n : m;
    size_t looked_at = longer < 64 ? longer : 64, apart = n > m ? n - m : m - n;
    return text_distance(before, after) * 3 <= looked_at && apart * 3 <= longer;
}

static const char *options_beyond(const struct item *x, const struct item *y)
{
    for (int i = 0; i < x->option_count; i++) {
        const char *now = y->options[i].text;
        unsigned own = text_distance(x->options[i].text, now);
        for (int k = 0; k < x->option_count; k++)
            if (k != i && text_distance(x->options[k].text, now) < own)
                return "the order of its options";
        if (!still_that_option(x->options[i].text, now))
            return "an option";
    }
    return NULL;
}

static const char *item_beyond(const struct item *x, const struct item *y)
{
    if (x->type != y->type)
        return "its type";
    if (x->use != y->use)
        return "its use";
    if (!text_equal(x->objective, y->objective))
        return "its objective";
    if (x->option_count != y->option_count || x->partner_count != y->partner_count)
        return "its options";
    const char *options = options_beyond(x, y);
    if (options)
        return options;
    for (int i = 0; i < x->partner_count; i++)
        if (!still_that_option(x->partners[i].text, y->partners[i].text))
            return "an option";
    for (int i = 0; i < x->option_count; i++)
        if (x->options[i].key != y->options[i].key || x->options[i].goes != y->options[i].goes)
            return "its right answer";
    return NULL;
}

static const char *case_beyond(const struct branching_case *x, const struct branching_case *y)
{
    if (x->scene_count != y->scene_count)
        return "its scenes";
    for (int i = 0; i < x->scene_count; i++) {
        const struct scene *s = &x->scenes[i], *t = &y->scenes[i];
        if (strcmp(s->id, t->id) != 0 || s->end != t->end || s->choice_count != t->choice_count)
            return "its scenes";
        for (int k = 0; k < s->choice_count; k++)
            if (s->choices[k].target != t->choices[k].target)
                return "where its choices lead";
    }
    return NULL;
}

/* ---- each kind of thing ---- */

static void compare_metadata(struct comparing *x)
{
    const struct publication *a = x->d->before, *b = x->d->after;
    struct difference *it = put_pair(x, THING_METADATA, "course.json", b->title, a->metadata_source,
                                     b->metadata_source);
    it->beyond_words = metadata_beyond(a, b);
}

static void compare_lessons(struct comparing *x)
{
    const struct publication *a = x->d->before, *b = x->d->after;
    int last = -1, at;
    for (int i = 0; i < b->lesson_count; i++) {
        const struct lesson *now = &b->lessons[i], *was = publication_lesson(a, now->id, &at);
        struct difference *it =
            put_pair(x, THING_LESSON, now->id, now->title, was ? was->source : NULL, now->source);
        it->beyond_words = was ? lesson_beyond(a, was, b, now) : NULL;
        x->d->lessons_to_read += !lesson_same(a, b, now->id);
        x->d->lessons_moved = x->d->lessons_moved || (was && at < last);
        last = was ? at : last;
    }
    for (int i = 0; i < a->lesson_count; i++)
        if (!publication_lesson(b, a->lessons[i].id, NULL))
            put_pair(x, THING_LESSON, a->lessons[i].id, a->lessons[i].title, a->lessons[i].source,
                     NULL);
}

static void compare_items(struct comparing *x)
{
    const struct publication *a = x->d->before, *b = x->d->after;
    for (int i = 0; i < b->item_count; i++) {
        const struct item *now = &b->items[i], *was = publication_item(a, now->id, NULL);
        struct difference *it =
            put_pair(x, THING_ITEM, now->id, now->stem_text, was ? was->source : NULL, now->source);
        it->beyond_words = was ? item_beyond(was, now) : NULL;
        it->for_check = now->use == ITEM_FOR_CHECK || (was && was->use == ITEM_FOR_CHECK);
    }
    for (int i = 0; i < a->item_count; i++) {
        const struct item *was = &a->items[i];
        if (!publication_item(b, was->id, NULL))
            put_pair(x, THING_ITEM, was->id, was->stem_text, was->source, NULL)->for_check =
                was->use == ITEM_FOR_CHECK;
    }
}

static void compare_cases(struct comparing *x)
{
    const struct publication *a = x->d->before, *b = x->d->after;
    for (int i = 0; i < b->case_count; i++) {
        const struct branching_case *now = &b->cases[i], *was = publication_case(a, now->id);
        struct difference *it =
            put_pair(x, THING_CASE, now->id, now->title, was ? was->source : NULL, now->source);
        it->beyond_words = was ? case_beyond(was, now) : NULL;
    }
    for (int i = 0; i < a->case_count; i++)
        if (!publication_case(b, a->cases[i].id))
            put_pair(x, THING_CASE, a->cases[i].id, a->cases[i].title, a->cases[i].source, NULL);
}

static const struct reference *find_key(const struct publication *p, const char *key)
{
    for (int i = 0; i < p->reference_count; i++)
        if (strcmp(p->references[i].key, key) == 0)
            return &p->references[i];
    return NULL;
}

static void compare_references(struct comparing *x)
{
    const struct publication *a = x->d->before, *b = x->d->after;
    for (int i = 0; i < b->reference_count; i++) {
        const struct reference *now = &b->references[i], *was = find_key(a, now->key);
        put(x, THING_REFERENCE, now->key, now->key,
            !was                                ? THING_ADDED
            : strcmp(was->html, now->html) == 0 ? THING_UNCHANGED
                                                : THING_CHANGED);
    }
    for (int i = 0; i < a->reference_count; i++)
        if (!find_key(b, a->references[i].key))
            put(x, THING_REFERENCE, a->references[i].key, a->references[i].key, THING_REMOVED);
}

static void compare_media(struct comparing *x)
{
    const struct publication *a = x->d->before, *b = x->d->after;
    for (int i = 0; i < b->media_count; i++) {
        const struct media *now = &b->media[i], *was = publication_media(a, now->name);
        bool same = was && was->size == now->size && memcmp(was->bytes, now->bytes, now->size) == 0;
        put(x, THING_MEDIA, now->name, now->name,
            !was   ? THING_ADDED
            : same ? THING_UNCHANGED
                   : THING_CHANGED);
    }
    for (int i = 0; i < a->media_count; i++)
        if (!publication_media(b, a->media[i].name))
            put(x, THING_MEDIA, a->media[i].name, a->media[i].name, THING_REMOVED);
}

static void compare_guide(struct comparing *x)
{
    const char *was = x->d->before->facilitator_source, *now = x->d->after->facilitator_source;
    if (*was || *now)
        put_pair(x, THING_GUIDE, "facilitator.md", "Facilitator guide", *was ? was : NULL,
                 *now ? now : NULL);
}

struct publication_diff *publication_diff(struct arena *a, const struct publication *before,
                                          const struct publication *after)
{
    struct comparing x = {.arena = a, .d = arena_alloc(a, sizeof *x.d)};
    x.d->before = before;
    x.d->after = after;
    compare_metadata(&x);
    compare_lessons(&x);
    compare_items(&x);
    compare_cases(&x);
    compare_references(&x);
    compare_media(&x);
    compare_guide(&x);
    x.d->list = x.list.data;
    x.d->count = x.list.count;
    return x.d;
}

/* ---- what follows ---- */

static int typo_allowed(const struct publication_diff *d, struct error *e)
{
    for (int i = 0; i < d->count; i++) {
        const struct difference *it = &d->list[i];
        bool guide = it->kind == THING_GUIDE; /* nobody is assessed on it */
        if ((it->change == THING_ADDED || it->change == THING_REMOVED) && !guide)
            return error_set(e, ERROR_INVALID,
                             "Not a typo: the %s %s was %s. Choose another kind of change.",
                             kinds[it->kind].name, it->id, changes[it->change]);
        if (it->beyond_words)
            return error_set(e, ERROR_INVALID,
                             "Not a typo: of the %s %s, %s changed. Choose another kind of change.",
                             kinds[it->kind].name, it->id, it->beyond_words);
    }
    if (d->lessons_moved)
        return error_set(e, ERROR_INVALID,
                         "Not a typo: the lessons stand in another order. Choose another kind of "
                         "change.");
    return 0;
}

int change_allowed(const struct publication_diff *d, enum change_kind kind, struct error *e)
{
    if (kind == CHANGE_FIRST)
        return error_set(e, ERROR_INVALID, "This course has been published before.");
    if (kind == CHANGE_TYPO)
        return typo_allowed(d, e);
    if (kind == CHANGE_MATERIAL && d->lessons_to_read == 0)
        return error_set(e, ERROR_INVALID,
                         "No lesson is new or changed, so those who have finished would have "
                         "nothing to read. Choose another kind of change.");
    return 0;
}

bool lesson_same(const struct publication *a, const struct publication *b, const char *id)
{
    const struct lesson *x = publication_lesson(a, id, NULL), *y = publication_lesson(b, id, NULL);
    if (a == b && x)
        return true;
    if (!x || !y || strcmp(x->hash, y->hash) != 0)
        return false;
    for (int i = 0; i < y->piece_count; i++) {
        if (y->pieces[i].kind != PIECE_CHECK)
            continue;
        const struct item *now = &b->items[y->pieces[i].item];
        const struct item *was = publication_item(a, now->id, NULL);
        if (!was || strcmp(was->hash, now->hash) != 0)
            return false;
    }
    return true;
}

bool case_same(const struct publication *a, const struct publication *b, const char *id)
{
    const struct branching_case *x = publication_case(a, id), *y = publication_case(b, id);
    return x && y && strcmp(x->hash, y->hash) == 0;
}
