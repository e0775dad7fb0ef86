/*
 * The domain on real parts, for the tests of learning/: a real database file, the shipped course, a
 * clock that stands. One program, one such house at a time.
 */
#ifndef TEST_LEARNING_SUPPORT_H
#define TEST_LEARNING_SUPPORT_H
#include "base/settings.h"
#include "course/source.h"
#include "learning/answer_memory.h"
#include "learning/attempt.h"
#include "learning/people.h"
#include "learning/publishing.h"
#include "support.h"

#define COURSE "humility"
#define NOON   ((instant)1790000000 * INSTANT_SECOND)
#define DAY(n) (NOON + (n)*INSTANT_DAY)

static char *folder;
static struct learning l;
static struct settings settings = {.origin = "https://train.example.edu", .session_hours = 720};
static struct clock system_clock;
static struct arena *arena;
static struct rng rng;

typedef int (*step)(struct conn *c, void *arg, struct error *e);

static inline void write_ok(step fn, void *arg)
{
    struct error e = {0};
    if (db_write(l.db, fn, arg, &e))
        fail_msg("%s", e.message);
}

static inline enum error_kind write_refused(step fn, void *arg)
{
    struct error e = {0};
    assert_int_equal(db_write(l.db, fn, arg, &e), -1);
    assert_true(e.message[0]);
    return e.kind;
}

/* The first publication of a course's folder. */
static inline void publish_course(const char *path)
{
    struct error e = {0};
    int64_t id;
    struct course_source *source = course_read(path, NOON, &e);
    if (!source || course_errors(source) || publish_first(&l, source, NOON, &id, &e))
        fail_msg("%s could not be published: %s", path, e.message);
    course_free(source);
}

/* An empty folder with a database, and nothing on the shelf. */
static inline void house_open(void)
{
    struct error e = {0};
    folder = temp_folder();
    arena = arena_create();
    clock_fixed(&system_clock, NOON);
    rng_seed(&rng, 7);
    struct db_options o = {.path = temp_path(folder, "db"), .readers = 2};
    l = (struct learning){.db = db_open(&o, &e), .settings = &settings, .clock = &system_clock};
    if (!l.db)
        fail_msg("%s", e.message);
    l.shelf = shelf_create(l.db);
    l.answers = answer_memory_create();
}

/* The same with a key that signs. */
static inline void house_open_signing(void)
{
    struct error e = {0};
    house_open();
    l.issuer = issuer_open(temp_path(folder, "keys"), settings.origin, "Example Center", &e);
    if (!l.issuer)
        fail_msg("%s", e.message);
}

static inline void house_close(void)
{
    issuer_free(l.issuer);
    db_close(l.db);
    shelf_free(l.shelf);
    answer_memory_free(l.answers);
    arena_free(arena);
    remove_folder(folder);
}

/* Inside a closure: answers the first `count` questions of a learning check as the key has them. */
static inline int answer_right(struct conn *c, const char *uuid, int64_t who, int count, instant at,
                               struct error *e)
{
    char answer[ANSWER_ROOM];
    struct attempt t;
    struct attempt_saved saved;
    if (attempt_load(c, &l, uuid, who, arena, &t, e))
        return -1;
    for (int i = 0; i < t.item_count && i < count; i++) {
        item_right_answer(t.items[i].item, answer);
        if (attempt_answer(c, &l, uuid, who, t.items[i].item->id, answer, ATTEMPT_WAS_ANY, NULL, at,
                           &saved, e))
            return -1;
    }
    return 0;
}

#endif
