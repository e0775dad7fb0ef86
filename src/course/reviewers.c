/*
 * course.json is changed in its text, not printed anew, so that an author finds it as it was laid
 * out. The text has passed the strict gate before anything is looked for in it; the result is
 * parsed again and must say what it should.
 */
#include "course/reviewers.h"
#include "base/json.h"
#include <string.h>

#define NAMED_FILES 4

/* ---- places in the text ---- */

struct span {
    size_t from, to; /* to: behind the last byte */
};

static size_t skip_space(const char *s, size_t at)
{
    return at + strspn(s + at, " \t\r\n");
}

/* Behind the string that begins at `at`. */
static size_t string_end(const char *s, size_t at)
{
    for (at++; s[at] != '"'; at++)
        at += s[at] == '\\';
    return at + 1;
}

/* Behind the value that begins at `at`. */
static size_t value_end(const char *s, size_t at)
{
    int depth = 0;
    if (s[at] == '"')
        return string_end(s, at);
    if (s[at] != '[' && s[at] != '{')
        return at + strcspn(s + at, ",]} \t\r\n");
    do {
        if (s[at] == '"') {
            at = string_end(s, at);
            continue;
        }
        depth += (s[at] == '[' || s[at] == '{') - (s[at] == ']' || s[at] == '}');
        at++;
    } while (depth > 0);
    return at;
}

/* The value of a key of the outermost object, when the key is written without escapes. */
static bool find_value(const char *s, const char *key, struct span *out)
{
    size_t at = skip_space(s, 0), n = strlen(key);
    for (at = skip_space(s, at + 1); s[at] == '"';) {
        size_t name = at + 1, end = string_end(s, at);
        at = skip_space(s, skip_space(s, end) + 1); /* over the colon */
        *out = (struct span){at, value_end(s, at)};
        if (end - 1 - name == n && memcmp(s + name, key, n) == 0)
            return true;
        at = skip_space(s, out->to);
        if (s[at] == ',')
            at = skip_space(s, at + 1);
    }
    return false;
}

/* ---- a reviewer more ---- */

static bool is_same(const cJSON *person, const struct course_reviewer *r)
{
    return strcmp(json_string_or(person, "name", ""), r->name) == 0 &&
           strcmp(json_string_or(person, "role", ""), r->role) == 0 &&
           strcmp(json_string_or(person, "date", ""), r->date) == 0;
}

static bool has_reviewer(const cJSON *root, const struct course_reviewer *r)
{
    const cJSON *list = json_get(root, "reviewers");
    for (const cJSON *m = cJSON_IsArray(list) ? list->child : NULL; m; m = m->next)
        if (is_same(m, r))
            return true;
    return false;
}

static void put_reviewer(struct buf *out, const struct course_reviewer *r)
{
    cJSON *person = cJSON_CreateObject();
    json_put(person, "name", r->name);
    json_put(person, "role", r->role);
    json_put(person, "date", r->date);
    json_print(person, out);
    cJSON_Delete(person);
}

/* The list with one element more, on a line of its own. */
static void put_list(struct buf *out, const char *s, struct span list,
                     const struct course_reviewer *r)
{
    size_t last = list.to - 1; /* the closing bracket, then back over the space before it */
    while (strchr(" \t\r\n", s[last - 1]))
        last--;
    buf_append(out, s + list.from, last - list.from);
    buf_puts(out, last - 1 > list.from ? ",\n    " : "\n    ");
    put_reviewer(out, r);
    buf_puts(out, "\n  ]");
}

static int check_result(const struct buf *out, const struct course_reviewer *r, bool release,
                        struct error *e)
{
    cJSON *root = out->overflow ? NULL : json_parse(out->data, out->length, e);
    bool good = root && has_reviewer(root, r) &&
                (!release || strcmp(json_string_or(root, "stage", ""), "released") == 0);
    cJSON_Delete(root);
    return good ? 0
                : error_set(e, ERROR_CONFLICT,
                            "The reviewer could not be written into course.json. Write it there "
                            "by hand, under \"reviewers\".");
}

/* What is between the two places stays as it is, whichever comes first. */
static void put_changed(struct buf *out, const char *s, size_t n, const struct span *list,
                        const struct span *stage, const struct course_reviewer *r)
{
    size_t at = 0;
    for (int i = 0; i < 2; i++) {
        bool first_list = list && (!stage || list->from < stage->from);
        const struct span *now = (i == 0) == first_list ? list : stage;
        if (!now)
            continue;
        buf_append(out, s + at, now->from - at);
        if (now == list)
            put_list(out, s, *list, r);
        else
            buf_puts(out, "\"released\"");
        at = now->to;
    }
    buf_append(out, s + at, n - at);
}

int course_json_review(const char *json, size_t n, const struct course_reviewer *r, bool release,
                       struct buf *out, struct error *e)
{
    struct span list, stage;
    cJSON *root = json_parse(json, n, e);
    if (!root)
        return error_prefix(e, "course.json");
    bool is_there = has_reviewer(root, r), good = cJSON_IsArray(json_get(root, "reviewers"));
    cJSON_Delete(root);
    if (!good || !find_value(json, "reviewers", &list) || !find_value(json, "stage", &stage))
        return error_set(e, ERROR_CONFLICT,
                         "course.json needs a list \"reviewers\" and a \"stage\". Write "
                         "\"reviewers\": [] and \"stage\": \"pilot\" there first.");
    put_changed(out, json, n, is_there ? NULL : &list, release ? &stage : NULL, r);
    return check_result(out, r, release, e);
}

/* ---- content ---- */

static bool is_metadata(const struct course_file *f)
{
    return strcmp(f->path, "course.json") == 0;
}

/* course.json without what a review changes; its layout does not count. False: it is no JSON. */
static bool canonical_metadata(const struct course_file *f, struct buf *out)
{
    struct error e = {0};
    cJSON *root = json_parse(f->bytes, f->size, &e);
    cJSON_DeleteItemFromObjectCaseSensitive(root, "reviewers");
    cJSON_DeleteItemFromObjectCaseSensitive(root, "stage");
    bool good = root && json_canonical(root, out, &e) == 0;
    cJSON_Delete(root);
    return good;
}

static bool same_bytes(const void *a, size_t a_size, const void *b, size_t b_size)
{
    return a_size == b_size && (a_size == 0 || memcmp(a, b, a_size) == 0);
}

static bool same_content(const struct course_file *a, const struct course_file *b)
{
    if (same_bytes(a->bytes, a->size, b->bytes, b->size))
        return true;
    if (!is_metadata(a))
        return false;
    struct buf x, y;
    buf_init(&x, COURSE_MAX);
    buf_init(&y, COURSE_MAX);
    bool same = canonical_metadata(a, &x) && canonical_metadata(b, &y) &&
                same_bytes(x.data, x.length, y.data, y.length);
    buf_free(&x);
    buf_free(&y);
    return same;
}

const char *course_content_differs(const struct course_file *a, int a_count,
                                   const struct course_file *b, int b_count, struct arena *arena)
{
    const char *words = "";
    int i = 0, k = 0, named = 0;
    while (i < a_count || k < b_count) {
        int order = i == a_count ? 1 : k == b_count ? -1 : strcmp(a[i].path, b[k].path);
        const char *path = order <= 0 ? a[i].path : b[k].path;
        bool same = order == 0 && same_content(&a[i], &b[k]);
        i += order <= 0;
        k += order >= 0;
        if (same || named++ >= NAMED_FILES)
            continue;
        words = *words ? arena_printf(arena, "%s, %s", words, path) : path;
    }
    return named > NAMED_FILES ? arena_printf(arena, "%s and %d more", words, named - NAMED_FILES)
                               : words;
}
