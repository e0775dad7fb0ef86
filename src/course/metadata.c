/*
 * course.json. Each key is a row: name, type, range, whether it must be there. What the rows cannot
 * say (objectives, credit, people) has a function of its own.
 */
#include "base/json.h"
#include "base/text.h"
#include "course/json_places.h"
#include "course/reader.h"
#include <math.h>
#include <string.h>

enum key_type {
    KEY_INT,
    KEY_STRING, /* not empty */
    KEY_BOOL,
    KEY_DATE,
    KEY_STRINGS,
    KEY_INTS,
    KEY_PEOPLE, /* strings, or objects of strings */
    KEY_OBJECT,
    KEY_OBJECTS
};

struct key {
    const char *name;
    enum key_type type;
    bool required;
    int min, max; /* of KEY_INT and the elements of KEY_INTS */
};

static const struct key course_keys[] = {
    {"format", KEY_INT, true, 1, 1},
    {"id", KEY_STRING, true, 0, 0},
    {"version", KEY_STRING, true, 0, 0},
    {"title", KEY_STRING, true, 0, 0},
    {"summary", KEY_STRING, true, 0, 0},
    {"minutes", KEY_INT, true, 1, 600},
    {"language", KEY_STRING, true, 0, 0},
    {"audience", KEY_STRINGS, true, 0, 0},
    {"objectives", KEY_OBJECTS, true, 0, 0},
    {"certificate_title", KEY_STRING, false, 0, 0},
    {"owner", KEY_STRING, true, 0, 0},
    {"authors", KEY_PEOPLE, true, 0, 0},
    {"reviewers", KEY_PEOPLE, true, 0, 0},
    {"disclosures", KEY_PEOPLE, true, 0, 0},
    {"stage", KEY_STRING, true, 0, 0},
    {"last_reviewed", KEY_DATE, true, 0, 0},
    {"review_every_months", KEY_INT, true, 1, 120},
    {"completion", KEY_STRINGS, true, 0, 0},
    {"test_out", KEY_BOOL, true, 0, 0},
    {"credit", KEY_OBJECT, true, 0, 0},
    {"grant_supported", KEY_BOOL, true, 0, 0},
    {"ca_clc", KEY_STRINGS, true, 0, 0},
    {"ca_implicit_bias", KEY_STRINGS, true, 0, 0},
    {"pass_percent", KEY_INT, true, 1, 100},
    {"pre_draw", KEY_INT, true, 0, 100},
    {"check_draw", KEY_INT, true, 1, 100},
    {"follow_up_days", KEY_INTS, true, 1, 1000},
    {"commitment_days", KEY_INTS, true, 1, 1000},
    {"valid_months", KEY_INT, false, 1, 120},
    {"site_required", KEY_STRINGS, false, 0, 0},
};
static const struct key objective_keys[] = {
    {"id", KEY_STRING, true, 0, 0},
    {"verb", KEY_STRING, true, 0, 0},
    {"text", KEY_STRING, true, 0, 0},
    {"evidence", KEY_STRING, false, 0, 0},
};
static const struct key credit_keys[] = {
    {"status", KEY_STRING, true, 0, 0},    {"note", KEY_STRING, false, 0, 0},
    {"provider", KEY_STRING, false, 0, 0}, {"statement", KEY_STRING, false, 0, 0},
    {"type", KEY_STRING, false, 0, 0},     {"amount", KEY_STRING, false, 0, 0},
};
static const struct key person_keys[] = {
    {"name", KEY_STRING, true, 0, 0},         {"role", KEY_STRING, false, 0, 0},
    {"affiliation", KEY_STRING, false, 0, 0}, {"date", KEY_DATE, false, 0, 0},
    {"text", KEY_STRING, false, 0, 0},
};

static const char *const type_names[] = {[KEY_INT] = "a whole number",
                                         [KEY_STRING] = "a string that is not empty",
                                         [KEY_BOOL] = "true or false",
                                         [KEY_DATE] = "a date such as \"2026-11-22\"",
                                         [KEY_STRINGS] = "a list of strings",
                                         [KEY_INTS] = "a list of whole numbers",
                                         [KEY_PEOPLE] =
                                             "a list of people, each a string or {\"name\": …}",
                                         [KEY_OBJECT] = "an object {…}",
                                         [KEY_OBJECTS] = "a list of objects"};

struct reading {
    struct course_source *c;
    const struct source_file *file;
};

static void wrong(struct reading *r, enum course_code code, const char *path, const char *hint,
                  const char *message)
{
    const struct json_place *p = json_place(r->c, path);
    report(r->c, code, r->file, p->line, p->column, hint, "%s", message);
}

static bool is_whole(const cJSON *v, int min, int max)
{
    return cJSON_IsNumber(v) && v->valuedouble >= min && v->valuedouble <= max &&
           v->valuedouble == (double)(int)v->valuedouble;
}

static bool is_text_value(const cJSON *v)
{
    return cJSON_IsString(v) && v->valuestring[strspn(v->valuestring, " \t\n")] &&
           text_is_line(v->valuestring, strlen(v->valuestring));
}

static bool is_date(const cJSON *v)
{
    instant at;
    return cJSON_IsString(v) && instant_parse_date(v->valuestring, &at);
}

static bool has_type(const cJSON *v, const struct key *k)
{
    switch (k->type) {
    case KEY_INT:
        return cJSON_IsNumber(v) && v->valuedouble == floor(v->valuedouble);
    case KEY_STRING:
        return is_text_value(v);
    case KEY_BOOL:
        return cJSON_IsBool(v);
    case KEY_DATE:
        return is_date(v);
    case KEY_OBJECT:
        return cJSON_IsObject(v);
    case KEY_STRINGS:
    case KEY_INTS:
    case KEY_PEOPLE:
    case KEY_OBJECTS:
        break;
    }
    return cJSON_IsArray(v);
}

static bool element_has_type(const cJSON *v, const struct key *k)
{
    switch (k->type) {
    case KEY_STRINGS:
        return is_text_value(v);
    case KEY_INTS:
        return is_whole(v, k->min, k->max);
    case KEY_PEOPLE:
        return is_text_value(v) || cJSON_IsObject(v);
    case KEY_OBJECTS:
        return cJSON_IsObject(v);
    default:
        return true;
    }
}

static void check_value(struct reading *r, const char *path, const cJSON *v, const struct key *k)
{
    struct arena *a = r->c->arena;
    if (!has_type(v, k)) {
        wrong(r, CODE_J04, path, NULL,
              arena_printf(a, "\"%s\" has to be %s", k->name, type_names[k->type]));
        return;
    }
    if (k->type == KEY_INT && !is_whole(v, k->min, k->max)) {
        wrong(r, CODE_J06, path,
              k->min == k->max ? arena_printf(a, "write %d", k->min)
                               : arena_printf(a, "choose a number from %d to %d", k->min, k->max),
              arena_printf(a, "\"%s\" is out of range", k->name));
        return;
    }
    if (!cJSON_IsArray(v))
        return;
    int i = 0;
    for (const cJSON *m = v->child; m; m = m->next, i++)
        if (!element_has_type(m, k))
            wrong(r, CODE_J04, arena_printf(a, "%s[%d]", path, i), NULL,
                  arena_printf(a, "\"%s\" has to be %s", k->name, type_names[k->type]));
}

/* All keys of one object against its rows: unknown, missing, wrong types. */
static void check_object(struct reading *r, const char *path, const cJSON *object,
                         const struct key *keys, int count)
{
    struct arena *a = r->c->arena;
    const char **names = arena_array(a, (size_t)count, sizeof *names);
    for (int k = 0; k < count; k++)
        names[k] = keys[k].name;
    for (const cJSON *m = object->child; m; m = m->next) {
        const char *inner = *path ? arena_printf(a, "%s.%s", path, m->string) : m->string;
        int k = 0;
        while (k < count && strcmp(keys[k].name, m->string) != 0)
            k++;
        if (k < count) {
            check_value(r, inner, m, &keys[k]);
            continue;
        }
        const struct json_place *p = json_place(r->c, inner);
        report(r->c, CODE_J03, r->file, p->key_line, p->key_column,
               nearest_hint(a, m->string, names, count), "unknown key \"%s\"", m->string);
    }
    for (int k = 0; k < count; k++)
        if (keys[k].required && !json_get(object, keys[k].name))
            wrong(r, CODE_J05, path, NULL, arena_printf(a, "key \"%s\" is missing", keys[k].name));
}

#define CHECK_OBJECT(r, path, object, keys)                                                        \
    check_object(r, path, object, keys, (int)(sizeof(keys) / sizeof *(keys)))

static void check_objects_within(struct reading *r, const cJSON *root)
{
    struct arena *a = r->c->arena;
    static const char *const people[] = {"authors", "reviewers", "disclosures"};
    for (size_t k = 0; k < sizeof people / sizeof *people; k++) {
        const cJSON *list = json_get(root, people[k]);
        int i = 0;
        for (const cJSON *m = cJSON_IsArray(list) ? list->child : NULL; m; m = m->next, i++)
            if (cJSON_IsObject(m))
                CHECK_OBJECT(r, arena_printf(a, "%s[%d]", people[k], i), m, person_keys);
    }
    const cJSON *credit = json_get(root, "credit");
    if (cJSON_IsObject(credit))
        CHECK_OBJECT(r, "credit", credit, credit_keys);
    const cJSON *objectives = json_get(root, "objectives");
    int i = 0;
    for (const cJSON *m = cJSON_IsArray(objectives) ? objectives->child : NULL; m; m = m->next, i++)
        if (cJSON_IsObject(m))
            CHECK_OBJECT(r, arena_printf(a, "objectives[%d]", i), m, objective_keys);
}

/* ---- into the publication ---- */

static const char *copy(struct reading *r, const cJSON *object, const char *name,
                        const char *fallback)
{
    return arena_strdup(r->c->arena, json_string_or(object, name, fallback));
}

static int whole(const cJSON *object, const char *name)
{
    const cJSON *v = json_get(object, name);
    return is_whole(v, -1000000, 1000000) ? (int)v->valuedouble : 0;
}

static const char *const *strings(struct reading *r, const cJSON *root, const char *name,
                                  int *count)
{
    const cJSON *list = json_get(root, name);
    struct list out = {0};
    for (const cJSON *m = cJSON_IsArray(list) ? list->child : NULL; m; m = m->next)
        if (cJSON_IsString(m))
            *(const char **)list_add(r->c->arena, &out, sizeof(char *)) =
                arena_strdup(r->c->arena, m->valuestring);
    *count = out.count;
    return out.data;
}

static const int *days(struct reading *r, const cJSON *root, const char *name, int *count)
{
    const cJSON *list = json_get(root, name);
    struct list out = {0};
    for (const cJSON *m = cJSON_IsArray(list) ? list->child : NULL; m; m = m->next)
        if (is_whole(m, 1, 1000))
            *(int *)list_add(r->c->arena, &out, sizeof(int)) = (int)m->valuedouble;
    *count = out.count;
    return out.data;
}

static void read_objectives(struct reading *r, const cJSON *root)
{
    struct course_source *c = r->c;
    static const char *const evidence[] = {"check", "case", "plan"};
    const cJSON *list = json_get(root, "objectives");
    int i = 0;
    for (const cJSON *m = cJSON_IsArray(list) ? list->child : NULL; m; m = m->next, i++) {
        const char *path = arena_printf(c->arena, "objectives[%d]", i);
        const char *id = json_string(m, "id");
        if (!id || !*id)
            continue;
        const struct json_place *p = json_place(c, arena_printf(c->arena, "%s.id", path));
        if (find_objective(c, id) >= 0) {
            report(c, CODE_J08, r->file, p->line, p->column, NULL, "objective \"%s\" twice", id);
            continue;
        }
        struct objective_facts facts = {p->line, p->column, copy(r, m, "evidence", "check")};
        size_t k = 0;
        while (k < 3 && strcmp(evidence[k], facts.evidence) != 0)
            k++;
        if (k == 3)
            wrong(r, CODE_J06, arena_printf(c->arena, "%s.evidence", path),
                  "evidence is \"check\", \"case\" or \"plan\"", "unknown kind of evidence");
        *(struct objective *)list_add(c->arena, &c->objectives, sizeof(struct objective)) =
            (struct objective){copy(r, m, "id", ""), copy(r, m, "verb", ""),
                               copy(r, m, "text", "")};
        *(struct objective_facts *)list_add(c->arena, &c->objective_facts, sizeof facts) = facts;
    }
    c->publication.objectives = c->objectives.data;
    c->publication.objective_count = c->objectives.count;
}

static void read_completion(struct reading *r, const cJSON *root)
{
    struct publication *p = &r->c->publication;
    struct {
        const char *word;
        bool *needed;
    } parts[] = {
        {"lessons", &p->needs_lessons}, {"case", &p->needs_case}, {"check", &p->needs_check}};
    const cJSON *list = json_get(root, "completion");
    int i = 0;
    for (const cJSON *m = cJSON_IsArray(list) ? list->child : NULL; m; m = m->next, i++) {
        size_t k = 0;
        while (k < 3 && !(cJSON_IsString(m) && strcmp(m->valuestring, parts[k].word) == 0))
            k++;
        if (k < 3 && !*parts[k].needed)
            *parts[k].needed = true;
        else if (cJSON_IsString(m))
            wrong(r, CODE_J06, arena_printf(r->c->arena, "completion[%d]", i),
                  "completion lists \"lessons\", \"case\" and \"check\", each at most once",
                  arena_printf(r->c->arena, "\"%s\" is not a part of completion", m->valuestring));
    }
    if (cJSON_IsArray(list) && i == 0)
        wrong(r, CODE_J06, "completion", "write what finishing takes: [\"lessons\", \"check\"]",
              "\"completion\" is empty");
    if (p->test_out && !p->needs_check)
        wrong(r, CODE_J06, "test_out", "add \"check\" to completion, or set test_out to false",
              "\"test_out\" without a check in \"completion\"");
}

/* Every element of these lists names an objective. */
static void check_objective_names(struct reading *r, const cJSON *root, const char *name)
{
    const cJSON *list = json_get(root, name);
    int i = 0;
    for (const cJSON *m = cJSON_IsArray(list) ? list->child : NULL; m; m = m->next, i++)
        if (cJSON_IsString(m) && find_objective(r->c, m->valuestring) < 0)
            wrong(r, CODE_J09, arena_printf(r->c->arena, "%s[%d]", name, i), NULL,
                  arena_printf(r->c->arena, "\"%s\" names no objective", m->valuestring));
}

static void check_words(struct reading *r, const cJSON *root)
{
    struct course_source *c = r->c;
    const char *id = json_string(root, "id"), *stage = json_string(root, "stage");
    const char *status = json_string(json_get(root, "credit"), "status");
    if (id && !is_id(id))
        wrong(r, CODE_J06, "id", "use lower-case letters, digits and '-'", "id not usable");
    else if (id && c->name && strcmp(id, c->name) != 0)
        wrong(
            r, CODE_J07, "id", NULL,
            arena_printf(c->arena, "id \"%s\" differs from the folder's name \"%s\"", id, c->name));
    if (stage && strcmp(stage, "pilot") != 0 && strcmp(stage, "released") != 0)
        wrong(r, CODE_J06, "stage", "stage is \"pilot\" or \"released\"", "unknown stage");
    if (status && strcmp(status, "not-designated") != 0 && strcmp(status, "designated") != 0)
        wrong(r, CODE_J06, "credit.status", "status is \"not-designated\" or \"designated\"",
              "unknown credit status");
    const cJSON *reviewers = json_get(root, "reviewers");
    if (stage && strcmp(stage, "released") == 0 && cJSON_IsArray(reviewers) && !reviewers->child)
        wrong(r, CODE_J10, "stage", NULL, "released without a named reviewer");
    if (cJSON_IsNumber(json_get(root, "pre_draw")) &&
        c->publication.pre_draw > c->publication.check_draw)
        wrong(r, CODE_J06, "pre_draw",
              "each check contains the pre-test's items: at most check_draw",
              "\"pre_draw\" is more than \"check_draw\"");
}

static void fill(struct reading *r, const cJSON *root)
{
    struct course_source *c = r->c;
    struct publication *p = &c->publication;
    p->course = copy(r, root, "id", "");
    p->version = copy(r, root, "version", "");
    p->title = copy(r, root, "title", "");
    p->summary = copy(r, root, "summary", "");
    p->language = copy(r, root, "language", "en");
    p->stage = copy(r, root, "stage", "pilot");
    p->owner = copy(r, root, "owner", "");
    p->certificate_title = copy(r, root, "certificate_title",
                                arena_printf(c->arena, "%s: module completed", p->title));
    p->pilot = strcmp(p->stage, "pilot") == 0;
    p->minutes = whole(root, "minutes");
    p->valid_months = whole(root, "valid_months");
    p->test_out = json_bool_or(root, "test_out", false);
    p->pass_percent = whole(root, "pass_percent");
    p->pre_draw = whole(root, "pre_draw");
    p->check_draw = whole(root, "check_draw");
    p->pass_marks = (p->pass_percent * p->check_draw + 99) / 100;
    p->follow_up_days = days(r, root, "follow_up_days", &p->follow_up_count);
    p->commitment_days = days(r, root, "commitment_days", &p->commitment_count);
    p->last_reviewed = c->last_reviewed = copy(r, root, "last_reviewed", "");
    c->review_every_months = whole(root, "review_every_months");
    c->designated =
        strcmp(json_string_or(json_get(root, "credit"), "status", ""), "designated") == 0;
    c->site_required = strings(r, root, "site_required", &c->site_required_count);
    int count;
    const char *const *audience = strings(r, root, "audience", &count);
    struct buf joined;
    buf_init(&joined, TEXT_FILE_MAX);
    for (int i = 0; i < count; i++)
        buf_printf(&joined, "%s%s", i ? ", " : "", audience[i]);
    p->audience = arena_strdup(c->arena, joined.data ? joined.data : "");
    buf_free(&joined);
}

void metadata_read(struct course_source *c)
{
    struct publication *p = &c->publication;
    p->course = p->version = p->title = p->summary = p->certificate_title = p->stage = p->owner =
        "";
    p->audience = p->last_reviewed = c->last_reviewed = "";
    p->language = "en";
    p->pilot = true; /* until it can be read that it is none */
    p->metadata_source = "";
    struct reading r = {c, source_file(c, "course.json")};
    if (!r.file) {
        report_at(c, CODE_F04,
                  c->folder ? arena_printf(c->arena, "%s/course.json", c->folder) : "course.json",
                  1, 1, NULL, "course.json is missing");
        return;
    }
    p->metadata_source = r.file->data;
    char *text = arena_memdup(c->arena, r.file->data, r.file->size);
    json_places(c, r.file, text, r.file->size);
    struct json_position at = {1, 1};
    struct error e = {0};
    cJSON *root = json_parse_at(text, r.file->size, &at, &e);
    if (!root || !cJSON_IsObject(root)) {
        report(c, CODE_J01, r.file, (int)at.line, (int)at.column, NULL, "%s",
               root ? "course.json has to be one object {…}" : e.message);
        cJSON_Delete(root);
        return;
    }
    c->metadata_read = true;
    CHECK_OBJECT(&r, "", root, course_keys);
    check_objects_within(&r, root);
    fill(&r, root);
    read_objectives(&r, root);
    read_completion(&r, root);
    check_words(&r, root);
    check_objective_names(&r, root, "ca_clc");
    check_objective_names(&r, root, "ca_implicit_bias");
    cJSON_Delete(root);
}
