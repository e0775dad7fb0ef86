/*
 * Saving. The change is worked out and judged outside the writer: read the head, apply the edit,
 * read the course. Then the bytes are stored in small writes, where nobody sees them yet, and one
 * short closure makes the version, if the head is still the one that was read; else all of it is
 * done again on the new head.
 */
#include "base/hash.h"
#include "base/text.h"
#include "course/bundle.h"
#include "learning/draft.h"
#include "learning/ledger.h"
#include "learning/sql.h"
#include <stdlib.h>
#include <string.h>

#define TRIES        64 /* one of those who save at once always gets through */
#define CHUNK        ((size_t)512 << 10)
#define VERSIONS_MAX 500
#define BYTES_MAX    ((int64_t)64 << 20)
#define TRIM_STEPS   40 /* old versions that one save lets go */

struct saving {
    struct learning *learning;
    struct arena *arena;
    int64_t draft, person;
    int head, next; /* numbers: expected, and of the new version */
    const struct course_file *files;
    uint8_t (*hashes)[HASH_BYTES];
    int count, from, to; /* files stored by one chunk */
    const char *course, *title, *hash, *note;
    int errors, warnings;
    db_write_fn also;
    void *also_arg;
    instant at;
    bool raced;
};

/* ---- judging ---- */

static void judge(struct saving *s)
{
    const struct settings *settings = s->learning->settings;
    struct course_source *c = course_read_files(
        s->files, s->count,
        &(struct course_reading){
            .today = s->at, .site = arena_printf(s->arena, "%s/site.json", settings->courses)});
    const struct publication *p = course_as_read(c);
    const struct diagnostic *list;
    int n = course_diagnostics(c, &list);
    s->errors = course_errors(c);
    s->warnings = 0;
    for (int i = 0; i < n; i++)
        s->warnings += list[i].severity == SEVERITY_WARNING;
    s->hash = arena_strdup(s->arena, p->hash);
    if (*p->course)
        s->course = arena_strdup(s->arena, p->course);
    if (*p->title)
        s->title = arena_strdup(s->arena, p->title);
    course_free(c);
    s->hashes = arena_array(s->arena, (size_t)s->count + 1, HASH_BYTES);
    for (int i = 0; i < s->count; i++)
        hash_blake2b(s->files[i].bytes, s->files[i].size, s->hashes[i]);
}

/* ---- the closures ---- */

static int store_bytes(struct conn *c, void *arg, struct error *e)
{
    const struct saving *s = arg;
    for (int i = s->from; i < s->to; i++)
        if (db_exec(c, &sql_draft_blob_insert, e, "ibb", s->draft, s->hashes[i], (size_t)HASH_BYTES,
                    s->files[i].size ? s->files[i].bytes : "", s->files[i].size) < 0)
            return -1;
    return 0;
}

static int store_version(struct conn *c, void *arg, struct error *e)
{
    struct saving *s = arg;
    int64_t head = s->head, next = s->next;
    s->raced = false;
    if (s->also && s->also(c, s->also_arg, e))
        return -1;
    int64_t rows = db_exec(c, &sql_draft_set_head, e, "iiitti", s->draft, head, next, s->course,
                           s->title, s->at);
    if (rows < 0)
        return -1;
    if (rows == 0) {
        s->raced = true;
        return error_set(e, ERROR_CONFLICT, "The draft was saved by somebody else just now.");
    }
    if (db_exec(c, &sql_draft_version_insert, e, "iittiiii", s->draft, next, s->hash, s->note,
                (int64_t)s->errors, (int64_t)s->warnings, s->at, s->person) < 0)
        return -1;
    s->from = 0;
    s->to = s->count;
    if (store_bytes(c, s, e)) /* what a trim has swept away in between; else nothing */
        return -1;
    for (int i = 0; i < s->count; i++)
        if (db_exec(c, &sql_draft_file_insert, e, "iitbi", s->draft, next, s->files[i].path,
                    s->hashes[i], (size_t)HASH_BYTES, (int64_t)s->files[i].size) < 0)
            return -1;
    return 0;
}

/* Makes room: the oldest versions that nothing refers to go when there are too many. */
static int trim(struct conn *c, void *arg, struct error *e)
{
    int64_t draft = *(const int64_t *)arg;
    for (int i = 0; i < TRIM_STEPS; i++) {
        int64_t versions = 0, bytes = 0, oldest = 0;
        if (db_query_int(c, &sql_draft_version_totals, &versions, e, "i", draft) < 0 ||
            db_query_int(c, &sql_draft_blob_total, &bytes, e, "i", draft) < 0)
            return -1;
        if (versions <= VERSIONS_MAX && bytes <= BYTES_MAX)
            return 0;
        int found = db_query_int(c, &sql_draft_oldest_free, &oldest, e, "i", draft);
        if (found <= 0)
            return found;
        if (db_exec(c, &sql_draft_delete_files_of, e, "ii", draft, oldest) < 0 ||
            db_exec(c, &sql_draft_delete_version, e, "ii", draft, oldest) < 0 ||
            db_exec(c, &sql_draft_delete_unused_blobs, e, "i", draft) < 0)
            return -1;
    }
    return 0;
}

static int store(struct saving *s, struct error *e)
{
    struct db *db = s->learning->db;
    for (s->from = 0; s->from < s->count; s->from = s->to) {
        size_t bytes = 0;
        for (s->to = s->from; s->to < s->count && (s->to == s->from || bytes < CHUNK); s->to++)
            bytes += s->files[s->to].size;
        if (db_write(db, store_bytes, s, e))
            return -1;
    }
    if (db_write(db, store_version, s, e))
        return -1;
    db_write_later(db, trim, &s->draft, sizeof s->draft);
    return 0;
}

/* ---- a new draft ---- */

struct beginning {
    int64_t owner, id;
    const char *uuid;
    instant at;
};

static int delete_rows(struct conn *c, int64_t draft, struct error *e)
{
    static const struct sql *const steps[] = {
        &sql_draft_delete_comments, &sql_draft_delete_signoffs, &sql_draft_delete_links,
        &sql_draft_delete_files,    &sql_draft_delete_versions, &sql_draft_delete_blobs,
        &sql_draft_delete};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (db_exec(c, steps[i], e, "i", draft) < 0)
            return -1;
    return 0;
}

/* The row that bytes can be stored under; nobody sees it before it has a version. One that a
 * stopped server left behind is swept away here. */
static int begin(struct conn *c, void *arg, struct error *e)
{
    struct beginning *b = arg;
    int64_t left = 0, owned = 0;
    int found;
    while ((found = db_query_int(c, &sql_draft_unfinished, &left, e, "ii", b->owner,
                                 b->at - INSTANT_HOUR)) == 1)
        if (delete_rows(c, left, e))
            return -1;
    if (found < 0 || db_query_int(c, &sql_draft_count_of, &owned, e, "i", b->owner) < 0)
        return -1;
    if (owned >= DRAFTS_OF_ONE)
        return error_field(e, "",
                           "You have %d drafts, which is as many as one person can have. Delete "
                           "one that is done with; then this one can be made.",
                           DRAFTS_OF_ONE);
    if (db_exec(c, &sql_draft_insert, e, "titti", b->uuid, b->owner, "", "", b->at) < 0)
        return -1;
    b->id = db_last_id(c);
    return 0;
}

int draft_create(struct learning *l, int64_t owner, const struct course_file *files, int count,
                 const char *note, instant at, char uuid[37], struct error *e)
{
    random_uuid(uuid);
    struct beginning b = {.owner = owner, .uuid = uuid, .at = at};
    if (db_write(l->db, begin, &b, e))
        return -1;
    struct saving s = {.learning = l,
                       .arena = arena_create(),
                       .draft = b.id,
                       .person = owner,
                       .next = 1,
                       .files = files,
                       .count = count,
                       .course = "",
                       .title = "",
                       .note = note,
                       .at = at};
    judge(&s);
    int result = store(&s, e);
    arena_free(s.arena);
    return result;
}

/* ---- a change ---- */

static int place_of(const struct saving *s, const char *path)
{
    for (int i = 0; i < s->count; i++)
        if (strcmp(s->files[i].path, path) == 0)
            return i;
    return -1;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct course_file *)a)->path, ((const struct course_file *)b)->path);
}

static int check_name(const char *field, const char *path, struct error *e)
{
    struct error why = {0};
    if (course_path_check(path, &why))
        return error_field(e, field, "%s", why.message);
    if (course_path(path) == PATH_OURS)
        return 0;
    return error_field(e, field,
                       "A course has no file “%.120s”. Lessons are lessons/NN-name.md, cases "
                       "cases/name.md, images media/name.png (or jpg, webp, gif, svg).",
                       path);
}

static int no_such_file(const char *path, struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND, "There is no file “%.120s” in the draft as it stands now.",
                     path);
}

/* A copy of the list with room for one more. */
static struct course_file *copy_list(const struct saving *s)
{
    struct course_file *list = arena_array(s->arena, (size_t)s->count + 1, sizeof *list);
    if (s->count)
        memcpy(list, s->files, (size_t)s->count * sizeof *list);
    return list;
}

static void take_list(struct saving *s, struct course_file *list, int count)
{
    qsort(list, (size_t)count, sizeof *list, by_path);
    s->files = list;
    s->count = count;
}

static int apply_put(struct saving *s, const struct draft_edit *edit, struct draft_saved *out,
                     struct error *e)
{
    if (check_name("path", edit->path, e))
        return -1;
    int at = place_of(s, edit->path);
    const char *there =
        at < 0 ? "" : draft_file_hash(s->arena, s->files[at].bytes, s->files[at].size);
    bool same = at >= 0 && s->files[at].size == edit->size &&
                memcmp(s->files[at].bytes, edit->bytes, edit->size) == 0;
    if (edit->base && !same && strcmp(edit->base, there) != 0) {
        out->conflict = true;
        return error_set(e, ERROR_CONFLICT, "Somebody saved “%.120s” since you opened it.",
                         edit->path);
    }
    if (edit->size > course_path_limit(edit->path))
        return error_field(e, "text", "“%.120s” may have %zu KB; this is more. Split or shrink it.",
                           edit->path, course_path_limit(edit->path) / 1024);
    struct course_file *list = copy_list(s);
    struct course_file file = {edit->path, edit->bytes, edit->size};
    list[at < 0 ? s->count : at] = file;
    take_list(s, list, s->count + (at < 0));
    s->note = edit->note ? edit->note
                         : arena_printf(s->arena, at < 0 ? "Added %s" : "Saved %s", edit->path);
    return 0;
}

static int apply_rename(struct saving *s, const struct draft_edit *edit, struct error *e)
{
    int at = place_of(s, edit->path);
    if (at < 0)
        return no_such_file(edit->path, e);
    if (check_name("to", edit->to, e))
        return -1;
    if (place_of(s, edit->to) >= 0 && strcmp(edit->path, edit->to) != 0)
        return error_field(e, "to", "There is a file “%.120s” already. Choose another name.",
                           edit->to);
    if (s->files[at].size > course_path_limit(edit->to))
        return error_field(e, "to", "A file of this kind may have %zu KB; this one is larger.",
                           course_path_limit(edit->to) / 1024);
    struct course_file *list = copy_list(s);
    list[at].path = edit->to;
    take_list(s, list, s->count);
    s->note = arena_printf(s->arena, "Renamed %s to %s", edit->path, edit->to);
    return 0;
}

static int apply_remove(struct saving *s, const struct draft_edit *edit, struct error *e)
{
    int at = place_of(s, edit->path);
    if (at < 0)
        return no_such_file(edit->path, e);
    if (s->count == 1)
        return error_field(e, "path",
                           "This is the draft's last file. Delete the whole draft instead.");
    struct course_file *list = copy_list(s);
    list[at] = list[s->count - 1];
    take_list(s, list, s->count - 1);
    s->note = arena_printf(s->arena, "Removed %s", edit->path);
    return 0;
}

static int apply_replace(struct saving *s, const struct draft_edit *edit, struct draft_saved *out,
                         struct error *e)
{
    if (edit->from && edit->from != s->head) {
        out->conflict = true;
        return error_set(e, ERROR_CONFLICT,
                         "The draft was saved since you opened its page. Look at what changed, "
                         "then send the files again. Nothing was replaced.");
    }
    s->files = edit->files;
    s->count = edit->count;
    s->note = edit->note;
    return 0;
}

static int apply(struct saving *s, const struct draft_edit *edit, struct draft_saved *out,
                 struct error *e)
{
    switch (edit->op) {
    case DRAFT_PUT:
        return apply_put(s, edit, out, e);
    case DRAFT_RENAME:
        return apply_rename(s, edit, e);
    case DRAFT_REMOVE:
        return apply_remove(s, edit, e);
    case DRAFT_REPLACE:
        return apply_replace(s, edit, out, e);
    }
    return -1;
}

static int check_size(const struct saving *s, struct error *e)
{
    size_t total = 0;
    for (int i = 0; i < s->count; i++)
        total += s->files[i].size;
    if (total > COURSE_MAX || s->count > COURSE_FILES)
        return error_set(e, ERROR_TOO_LARGE,
                         "A course has at most 1,000 files and 8 MB in all. Make its images "
                         "smaller.");
    return 0;
}

static int read_head(struct saving *s, const char *uuid, struct draft *d, struct error *e)
{
    struct db *db = s->learning->db;
    struct conn *c = db_read_begin(db, e);
    struct course_file *files = NULL;
    int result = !c || draft_find(c, uuid, s->arena, d, e) ||
                         draft_files(c, d->id, d->head, s->arena, &files, &s->count, e)
                     ? -1
                     : 0;
    db_read_end(db, c);
    s->files = files;
    s->draft = d->id;
    s->head = d->head;
    s->next = d->head + 1;
    s->course = d->course;
    s->title = d->title;
    return result;
}

/* One try. */
static int change(struct saving *s, const char *uuid, const struct draft_edit *edit,
                  struct draft_saved *out, struct error *e)
{
    struct draft d;
    if (read_head(s, uuid, &d, e) || apply(s, edit, out, e) || check_size(s, e))
        return -1;
    judge(s);
    out->version = d.head;
    out->changed = strcmp(s->hash, d.hash) != 0;
    if (!out->changed)
        return 0;
    out->version = s->next;
    return store(s, e);
}

int draft_change(struct learning *l, const char *uuid, int64_t person,
                 const struct draft_edit *edit, instant at, struct draft_saved *out,
                 struct error *e)
{
    int result = -1;
    for (int i = 0; i < TRIES; i++) {
        struct saving s = {.learning = l,
                           .arena = arena_create(),
                           .person = person,
                           .also = edit->also,
                           .also_arg = edit->also_arg,
                           .at = at};
        *out = (struct draft_saved){0};
        *e = (struct error){0};
        result = change(&s, uuid, edit, out, e);
        bool again = result != 0 && s.raced;
        arena_free(s.arena);
        if (!again)
            break;
    }
    return result;
}

/* ---- ready, and gone ---- */

struct marking {
    struct arena *arena;
    const char *uuid;
    int64_t person;
    bool on, administrator;
    instant at;
};

static int mark_ready(struct conn *c, void *arg, struct error *e)
{
    const struct marking *m = arg;
    struct draft d;
    if (draft_find(c, m->uuid, m->arena, &d, e))
        return -1;
    if (m->on && d.errors > 0)
        return error_set(e, ERROR_CONFLICT,
                         "The draft has errors; mend them first, then it can be sent.");
    if (m->on ? draft_is_ready(&d) : d.ready_version == 0)
        return 0;
    int64_t rows =
        m->on ? db_exec(c, &sql_draft_set_ready, e, "iiii", d.id, (int64_t)d.head, m->at, m->person)
              : db_exec(c, &sql_draft_set_ready, e, "innn", d.id);
    return rows < 0 ? -1
                    : audit_append(c, m->person, m->on ? "draft.ready" : "draft.not_ready", m->uuid,
                                   d.hash, m->at, e);
}

int draft_mark_ready(struct learning *l, const char *uuid, int64_t person, bool ready, instant at,
                     struct error *e)
{
    struct marking m = {arena_create(), uuid, person, ready, false, at};
    int result = db_write(l->db, mark_ready, &m, e);
    arena_free(m.arena);
    return result;
}

static int delete_draft(struct conn *c, void *arg, struct error *e)
{
    const struct marking *m = arg;
    struct draft d;
    if (draft_find(c, m->uuid, m->arena, &d, e))
        return -1;
    if (d.owner != m->person && !m->administrator)
        return error_set(e, ERROR_FORBIDDEN,
                         "Only the draft's owner or an administrator can delete it.");
    return delete_rows(c, d.id, e) ||
                   audit_append(c, m->person, "draft.delete", m->uuid, "", m->at, e)
               ? -1
               : 0;
}

int draft_delete(struct learning *l, const char *uuid, int64_t person, bool administrator,
                 instant at, struct error *e)
{
    struct marking m = {arena_create(), uuid, person, false, administrator, at};
    int result = db_write(l->db, delete_draft, &m, e);
    arena_free(m.arena);
    return result;
}
