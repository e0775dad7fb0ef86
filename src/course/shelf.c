/*
 * Publications never change, so each is read and parsed once and kept. What changes is which one is
 * current; that is read at first use and again after each shelf_publish_as. One mutex guards both;
 * a parse under it takes some milliseconds once in a publication's life. Snapshots handed out by
 * shelf_list are kept until the end, because callers may still hold them.
 */
#include "course/shelf.h"
#include "base/json.h"
#include "base/text.h"
#include "course/frozen.h"
#include "course/list.h"
#include "course/source.h"
#include "course/sql.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FROZEN_MAX ((size_t)16 << 20)
#define SITE_MAX   ((size_t)256 << 10)

struct book {
    struct course_source *source;
    struct publication publication; /* with its row's id */
    struct book *next;
};

struct snapshot {
    const struct publication **list;
    int count;
    unsigned generation; /* of the shelf before the snapshot was read */
    struct snapshot *older;
};

struct site {
    struct arena *arena;
    struct list entries; /* struct site_entry */
    struct site *older;
};

struct site_entry {
    const char *key, *value;
};

struct shelf {
    struct db *db;
    pthread_mutex_t lock;
    struct book *books;
    struct snapshot *snapshot; /* newest first */
    unsigned generation;       /* how often something was published */
    struct site *site;
};

struct shelf *shelf_create(struct db *db)
{
    struct shelf *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->db = db;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void shelf_free(struct shelf *s)
{
    if (!s)
        return;
    for (struct book *b = s->books, *next; b; b = next) {
        next = b->next;
        course_free(b->source);
        free(b);
    }
    for (struct snapshot *n = s->snapshot, *older; n; n = older) {
        older = n->older;
        free(n->list);
        free(n);
    }
    for (struct site *n = s->site, *older; n; n = older) {
        older = n->older;
        arena_free(n->arena);
        free(n);
    }
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- loading; the lock is held ---- */

static struct course_source *thaw_row(struct conn *c, int64_t id, struct error *e)
{
    struct buf bytes;
    buf_init(&bytes, FROZEN_MAX);
    struct course_source *source =
        frozen_read(c, id, &bytes, e) ? NULL : course_thaw(bytes.data, bytes.length, e);
    buf_free(&bytes);
    return source;
}

static const struct publication *keep(struct shelf *s, struct course_source *source, int64_t id)
{
    struct book *b = calloc(1, sizeof *b);
    if (!b)
        abort();
    b->source = source;
    b->publication = *course_publication(source);
    b->publication.id = id;
    b->next = s->books;
    s->books = b;
    return &b->publication;
}

static const struct publication *load(struct shelf *s, struct conn *c, int64_t id, struct error *e)
{
    for (const struct book *b = s->books; b; b = b->next)
        if (b->publication.id == id)
            return &b->publication;
    struct course_source *source = thaw_row(c, id, e);
    if (!source)
        return NULL;
    if (!course_publication(source)) {
        const struct diagnostic *list;
        course_diagnostics(source, &list);
        error_set(e, ERROR_INTERNAL, "publication %lld cannot be read: %s:%d: %s", (long long)id,
                  list[0].file, list[0].line, list[0].message);
        course_free(source);
        return NULL;
    }
    return keep(s, source, id);
}

/* One row with one id, and the publication it names. NULL in `id` columns means none. */
static const struct publication *load_found(struct shelf *s, struct conn *c, struct stmt *st,
                                            const char *course, struct error *e)
{
    int got = st ? db_step(st, e) : -1;
    bool found = got == 1 && !db_null(st, 0);
    int64_t id = found ? db_int(st, 0) : 0;
    db_done(st);
    if (got >= 0 && !found)
        error_set(e, ERROR_NOT_FOUND, "there is no such publication of the course \"%s\"", course);
    return found ? load(s, c, id, e) : NULL;
}

/* ---- reading ---- */

const struct publication *shelf_get(struct shelf *s, int64_t publication_id, struct error *e)
{
    const struct publication *p = NULL;
    pthread_mutex_lock(&s->lock);
    for (const struct book *b = s->books; b && !p; b = b->next)
        if (b->publication.id == publication_id)
            p = &b->publication;
    pthread_mutex_unlock(&s->lock);
    if (p)
        return p;
    struct conn *c = db_read_begin(s->db, e); /* not under the lock: it may wait */
    if (!c)
        return NULL;
    pthread_mutex_lock(&s->lock);
    p = load(s, c, publication_id, e);
    pthread_mutex_unlock(&s->lock);
    db_read_end(s->db, c);
    return p;
}

int shelf_files(struct shelf *s, int64_t publication_id, struct arena *a,
                struct course_file **files, int *count, struct error *e)
{
    struct conn *c = db_read_begin(s->db, e);
    struct buf bytes;
    buf_init(&bytes, FROZEN_MAX);
    int result = !c || frozen_read(c, publication_id, &bytes, e) ||
                         course_thaw_files(bytes.data, bytes.length, a, files, count, e)
                     ? -1
                     : 0;
    buf_free(&bytes);
    db_read_end(s->db, c);
    return result;
}

const struct publication *shelf_by_hash(struct shelf *s, const char *course, const char *hash,
                                        struct error *e)
{
    struct conn *c = db_read_begin(s->db, e);
    if (!c)
        return NULL;
    pthread_mutex_lock(&s->lock);
    struct stmt *st = db_query(c, &sql_publication_id_by_hash, e, "tt", course, hash);
    const struct publication *p = load_found(s, c, st, course, e);
    pthread_mutex_unlock(&s->lock);
    db_read_end(s->db, c);
    return p;
}

/* The lock is held. A publication that cannot be read is left out; `understory doctor` says why. */
static const char *site_value(const struct site *site, const char *key)
{
    for (int i = 0; site && i < site->entries.count; i++)
        if (strcmp(LIST_AT(&site->entries, struct site_entry, i)->key, key) == 0)
            return LIST_AT(&site->entries, struct site_entry, i)->value;
    return "";
}

/* Where a course stands in the curriculum ("humility, structure, …"); those not named come last. */
static size_t place_in(const char *curriculum, const char *course)
{
    size_t place = 0, n;
    for (const char *s = curriculum; *(s += strspn(s, ", ")); s += n, place++) {
        n = strcspn(s, ", ");
        if (strlen(course) == n && memcmp(s, course, n) == 0)
            break;
    }
    return place;
}

/* Into the list, behind all that do not come after it. */
static void put_in_order(struct snapshot *n, const struct publication *p, const char *curriculum)
{
    int at = n->count++;
    size_t place = place_in(curriculum, p->course);
    for (; at > 0 && place_in(curriculum, n->list[at - 1]->course) > place; at--)
        n->list[at] = n->list[at - 1];
    n->list[at] = p;
}

static int take_snapshot(struct shelf *s, struct conn *c, unsigned generation, struct error *e)
{
    struct snapshot *n = calloc(1, sizeof *n);
    struct stmt *st = db_query(c, &sql_publication_list, e, "");
    int64_t ids[256];
    int count = 0, got = st ? 1 : -1;
    while (st && count < 256 && (got = db_step(st, e)) == 1)
        ids[count++] = db_int(st, 0);
    db_done(st);
    if (!n || got < 0) {
        free(n);
        return -1;
    }
    n->list = calloc((size_t)count + 1, sizeof *n->list);
    if (!n->list)
        abort();
    for (int i = 0; i < count; i++) {
        const struct publication *p = load(s, c, ids[i], e);
        if (p)
            put_in_order(n, p, site_value(s->site, "curriculum"));
    }
    n->generation = generation;
    n->older = s->snapshot;
    s->snapshot = n;
    return 0;
}

/* The newest snapshot, or NULL with e. */
static const struct snapshot *current(struct shelf *s, struct error *e)
{
    pthread_mutex_lock(&s->lock);
    unsigned generation = s->generation;
    const struct snapshot *n = s->snapshot;
    pthread_mutex_unlock(&s->lock);
    if (n && n->generation == generation)
        return n;
    n = NULL;
    struct conn *c = db_read_begin(s->db, e);
    if (!c)
        return NULL;
    pthread_mutex_lock(&s->lock);
    bool fresh = s->snapshot && s->snapshot->generation == s->generation;
    if (fresh || take_snapshot(s, c, generation, e) == 0)
        n = s->snapshot;
    pthread_mutex_unlock(&s->lock);
    db_read_end(s->db, c);
    return n;
}

const struct publication *shelf_current(struct shelf *s, const char *course, struct error *e)
{
    const struct snapshot *n = current(s, e);
    if (!n)
        return NULL;
    for (int i = 0; i < n->count; i++)
        if (strcmp(n->list[i]->course, course) == 0)
            return n->list[i];
    error_set(e, ERROR_NOT_FOUND, "No course “%s” is published here.", course);
    return NULL;
}

int shelf_list(struct shelf *s, const struct publication *const **list)
{
    static const struct publication *const nothing[1] = {NULL};
    struct error e = {0};
    const struct snapshot *n = current(s, &e);
    *list = n ? (const struct publication *const *)n->list : nothing;
    return n ? n->count : 0;
}

/* ---- publishing ---- */

struct publishing {
    const struct publication *publication;
    const struct publish_as *as;
    struct frozen frozen;
    int64_t id;
};

static int insert(struct conn *c, const struct publishing *w, bool first, struct error *e)
{
    const struct publication *p = w->publication;
    const char *kind = change_kind_name(first ? CHANGE_FIRST : w->as->kind);
    size_t head = frozen_head_size(&w->frozen);
    int64_t added =
        w->as->by
            ? db_exec(c, &sql_publication_insert, e, "tttttbiti", p->course, p->hash, p->version,
                      p->title, kind, w->frozen.bytes, head, w->as->at, w->as->note, w->as->by)
            : db_exec(c, &sql_publication_insert, e, "tttttbitn", p->course, p->hash, p->version,
                      p->title, kind, w->frozen.bytes, head, w->as->at, w->as->note);
    return added < 0 ? -1 : frozen_complete(c, &w->frozen, e);
}

static int publish(struct conn *c, void *arg, struct error *e)
{
    struct publishing *w = arg;
    const struct publication *p = w->publication;
    int64_t newest = 0, same = 0;
    int has_newest = db_query_int(c, &sql_publication_newest, &newest, e, "t", p->course);
    if (has_newest < 0)
        return -1;
    int has_same = db_query_int(c, &sql_publication_id_by_hash, &same, e, "tt", p->course, p->hash);
    if (has_same < 0)
        return -1;
    if (has_same == 1 && same != newest)
        return error_set(e, ERROR_CONFLICT,
                         "%s: these very files were published before; set a new \"version\" in "
                         "course.json to publish them again",
                         p->course);
    if (has_same == 1) {
        w->id = same;
        return 0;
    }
    if (w->as->after >= 0 && w->as->after != newest)
        return error_set(e, ERROR_CONFLICT,
                         "%s was published by somebody else in the meantime. Nothing was changed; "
                         "look again at what would change now.",
                         p->course);
    if (insert(c, w, newest == 0, e))
        return -1;
    w->id = db_last_id(c);
    return w->as->with ? w->as->with(c, w->as->with_arg, w->id, e) : 0;
}

/* Items are known by their ids across courses. */
static int items_are_its_own(struct shelf *s, const struct publication *p, struct error *e)
{
    const struct publication *const *others;
    int n = shelf_list(s, &others);
    for (int i = 0; i < n; i++)
        for (int k = 0; strcmp(others[i]->course, p->course) != 0 && k < p->item_count; k++)
            if (publication_item(others[i], p->items[k].id, NULL))
                return error_set(e, ERROR_INVALID,
                                 "%s: the item \"%s\" is also one of %s; give it another id",
                                 p->course, p->items[k].id, others[i]->course);
    return 0;
}

int shelf_may_publish(struct shelf *s, const struct course_source *source, struct error *e)
{
    const struct diagnostic *list;
    int count = course_diagnostics(source, &list);
    for (int i = 0; i < count; i++)
        if (list[i].severity == SEVERITY_ERROR || diagnostic_blocks(&list[i]))
            return error_set(e, ERROR_INVALID, "%s:%d:%d: %s (%s)", list[i].file, list[i].line,
                             list[i].column, list[i].message, list[i].hint);
    const char *const *required;
    int n = course_site_required(source, &required);
    for (int i = 0; i < n; i++)
        if (!*shelf_site(s, required[i]))
            return error_set(e, ERROR_INVALID,
                             "the course cannot be published while \"%s\" in site.json is blank",
                             required[i]);
    return items_are_its_own(s, course_publication(source), e);
}

int shelf_publish_as(struct shelf *s, const struct course_source *source,
                     const struct publish_as *as, int64_t *id, struct error *e)
{
    if (shelf_may_publish(s, source, e) != 0)
        return -1;
    struct buf bytes;
    buf_init(&bytes, FROZEN_MAX);
    course_freeze(source, &bytes);
    const struct publication *p = course_publication(source);
    struct publishing w = {p, as, {p->hash, bytes.data, bytes.length}, 0};
    int result = frozen_put_down(s->db, &w.frozen, e) || db_write(s->db, publish, &w, e) ? -1 : 0;
    buf_free(&bytes);
    if (result == 0) {
        pthread_mutex_lock(&s->lock);
        s->generation++;
        pthread_mutex_unlock(&s->lock);
        if (id)
            *id = w.id;
    }
    return result;
}

/* ---- the site's blanks ---- */

static char *read_small_file(struct arena *a, const char *path, size_t *n, struct error *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    char *data = NULL;
    if (fd < 0 || fstat(fd, &st) != 0) {
        error_set(e, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO, "%s: %s", path, strerror(errno));
    } else if (!S_ISREG(st.st_mode) || (size_t)st.st_size > SITE_MAX) {
        error_set(e, ERROR_TOO_LARGE, "%s: not a file of at most 256 KiB", path);
    } else {
        data = arena_alloc(a, (size_t)st.st_size + 1);
        ssize_t got = read(fd, data, (size_t)st.st_size);
        if (got < 0) {
            error_set(e, ERROR_IO, "%s: %s", path, strerror(errno));
            data = NULL;
        } else {
            *n = (size_t)got;
        }
    }
    if (fd >= 0)
        close(fd);
    return data;
}

static int read_entries(struct site *site, const cJSON *root, const char *path, struct error *e)
{
    if (!cJSON_IsObject(root))
        return error_set(e, ERROR_INVALID, "%s: has to be one object of strings", path);
    for (const cJSON *m = root->child; m; m = m->next) {
        if (!cJSON_IsString(m))
            return error_set(e, ERROR_INVALID, "%s: \"%s\" has to be a string", path, m->string);
        struct site_entry *entry = list_add(site->arena, &site->entries, sizeof *entry);
        entry->key = arena_strdup(site->arena, m->string);
        entry->value = arena_strdup(site->arena, m->valuestring);
    }
    return 0;
}

int shelf_load_site(struct shelf *s, const char *path, struct error *e)
{
    int result = -1;
    size_t n = 0;
    struct site *site = calloc(1, sizeof *site);
    if (!site)
        abort();
    site->arena = arena_create();
    char *data = read_small_file(site->arena, path, &n, e);
    cJSON *root = data ? json_parse(data, n, e) : NULL;
    if (root)
        result = read_entries(site, root, path, e);
    else if (data)
        error_prefix(e, "%s", path);
    cJSON_Delete(root);
    if (result != 0) {
        arena_free(site->arena);
        free(site);
        return -1;
    }
    pthread_mutex_lock(&s->lock);
    site->older = s->site; /* kept: values may be in use */
    s->site = site;
    pthread_mutex_unlock(&s->lock);
    return 0;
}

const char *shelf_site(struct shelf *s, const char *key)
{
    pthread_mutex_lock(&s->lock);
    const char *value = site_value(s->site, key);
    pthread_mutex_unlock(&s->lock);
    return value;
}
