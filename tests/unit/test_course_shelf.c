/* Publications on the shelf: what is current, what stays, what may not be published. */
#include "course/shelf.h"
#include "test_course_sample.h"
#include <pthread.h>

static char *parent;
static const char *folder;
static struct db *db;
static struct shelf *shelf;

static int open_shelf(void **state)
{
    (void)state;
    struct error e = {0};
    parent = temp_folder();
    folder = write_sample(parent);
    struct db_options options = {.path = temp_path(parent, "db"), .readers = 2};
    db = db_open(&options, &e);
    if (!db)
        fail_msg("%s", e.message);
    shelf = shelf_create(db);
    return 0;
}

static int close_shelf(void **state)
{
    (void)state;
    shelf_free(shelf);
    db_close(db);
    remove_folder(parent);
    return 0;
}

static int publish_on(const char *date, int64_t *id, struct error *e)
{
    struct course_source *c = read_on(folder, date);
    struct publish_as as = {.kind = CHANGE_MINOR, .note = "", .at = 1000, .after = -1};
    int result = shelf_publish_as(shelf, c, &as, id, e);
    course_free(c); /* the shelf keeps its own */
    return result;
}

static int64_t publish(void)
{
    int64_t id = 0;
    struct error e = {0};
    if (publish_on("2026-12-01", &id, &e) != 0)
        fail_msg("%s", e.message);
    return id;
}

static void change_guide(const char *text)
{
    write_file(folder, "facilitator.md", text, strlen(text));
}

static void what_is_published_is_current_and_found(void **state)
{
    (void)state;
    struct error e = {0};
    assert_null(shelf_current(shelf, "small", &e));
    assert_int_equal(e.kind, ERROR_NOT_FOUND);
    int64_t id = publish();
    assert_true(id > 0);
    const struct publication *p = shelf_current(shelf, "small", &e);
    assert_non_null(p);
    assert_int_equal(p->id, id);
    assert_string_equal(p->title, "A small course");
    assert_ptr_equal(shelf_get(shelf, id, &e), p);
    assert_ptr_equal(shelf_by_hash(shelf, "small", p->hash, &e), p);
    assert_null(shelf_by_hash(shelf, "other", p->hash, &e));
    assert_null(shelf_get(shelf, id + 1, &e));
    assert_int_equal(e.kind, ERROR_NOT_FOUND);
}

static void publishing_the_same_files_again_changes_nothing(void **state)
{
    (void)state;
    int64_t id = publish();
    assert_int_equal(publish(), id);
    const struct publication *const *list;
    assert_int_equal(shelf_list(shelf, &list), 1);
    assert_int_equal(list[0]->id, id);
}

static void an_older_publication_stays_readable(void **state)
{
    (void)state;
    struct error e = {0};
    const struct publication *const *before, *const *after;
    int64_t first = publish();
    const struct publication *old = shelf_get(shelf, first, &e);
    assert_int_equal(shelf_list(shelf, &before), 1);
    change_guide("# Guide\n\nTake twenty minutes.\n");
    int64_t second = publish();
    assert_true(second > first);
    assert_int_equal(shelf_current(shelf, "small", &e)->id, second);
    assert_string_equal(shelf_current(shelf, "small", &e)->facilitator_html,
                        "<p>Take twenty minutes.</p>");
    assert_ptr_equal(shelf_get(shelf, first, &e), old);
    assert_non_null(strstr(old->facilitator_html, "ten minutes"));
    assert_int_equal(shelf_list(shelf, &after), 1);
    assert_int_equal(after[0]->id, second);
    assert_int_equal(before[0]->id, first); /* the snapshot that someone still holds */

    /* Going back to files that were published before needs a new version. */
    change_guide(sample_files[6].text);
    assert_int_equal(publish_on("2026-12-01", NULL, &e), -1);
    assert_int_equal(e.kind, ERROR_CONFLICT);
    assert_int_equal(shelf_current(shelf, "small", &e)->id, second);
}

static void another_process_life_reads_the_same(void **state)
{
    (void)state;
    struct error e = {0};
    int64_t id = publish();
    char hash[65];
    strcpy(hash, shelf_get(shelf, id, &e)->hash);
    shelf_free(shelf);
    shelf = shelf_create(db);
    assert_string_equal(shelf_get(shelf, id, &e)->hash, hash);
    assert_string_equal(shelf_current(shelf, "small", &e)->hash, hash);
}

/* ---- large courses ---- */

static const struct sql count_pieces = {
    "count_pieces", "test", "SELECT COUNT(*) FROM publication_piece WHERE LENGTH(bytes) <= 524288",
    NULL};

static int64_t pieces(void)
{
    struct error e = {0};
    int64_t n = -1;
    struct conn *c = db_read_begin(db, &e);
    db_query_int(c, &count_pieces, &n, &e, "");
    db_read_end(db, c);
    return n;
}

/* An image of `size` bytes, all of them `fill`. */
static void add_image(const char *path, size_t size, char fill)
{
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, fill, size);
    write_file(folder, path, bytes, size);
    free(bytes);
}

static void a_large_course_is_put_down_in_pieces_and_read_as_one(void **state)
{
    (void)state;
    struct error e = {0};
    add_image("media/one.png", 1000000, 'a');
    add_image("media/two.png", 700000, 'b');
    int64_t id = publish();
    assert_int_equal(pieces(), 3); /* 1.7 MB: a row and three more */
    struct arena *a = arena_create();
    struct course_file *files;
    int count;
    assert_int_equal(shelf_files(shelf, id, a, &files, &count, &e), 0);
    shelf_free(shelf);
    shelf = shelf_create(db);
    const struct publication *p = shelf_get(shelf, id, &e);
    assert_non_null(p);
    assert_string_equal(p->hash, shelf_by_hash(shelf, "small", p->hash, &e)->hash);
    const struct media *two = publication_media(p, "two.png");
    assert_int_equal(two->size, 700000);
    assert_int_equal(((const char *)two->bytes)[699999], 'b');
    assert_int_equal(publish(), id);
    arena_free(a);
}

static void what_a_refused_publishing_left_is_swept_away(void **state)
{
    (void)state;
    struct error e = {0};
    add_image("media/one.png", 1000000, 'a');
    struct course_source *c = read_on(folder, "2026-12-01");
    struct publish_as as = {.kind = CHANGE_MINOR, .note = "", .at = 1000, .after = 77};
    assert_int_equal(shelf_publish_as(shelf, c, &as, NULL, &e), -1);
    assert_int_equal(e.kind, ERROR_CONFLICT);
    course_free(c);
    assert_int_equal(pieces(), 1); /* nobody sees it */
    assert_null(shelf_current(shelf, "small", &e));
    add_image("media/one.png", 1200, 'c');
    publish();
    assert_int_equal(pieces(), 0);
}

static void errors_and_stale_statements_are_not_published(void **state)
{
    (void)state;
    struct error e = {0};
    assert_int_equal(publish_on("2027-05-23", NULL, &e), -1); /* review-by 2027-05-22 */
    assert_int_equal(e.kind, ERROR_INVALID);
    assert_non_null(strstr(e.message, "02-repairing.md:17:3"));
    change_guide("<b>raw</b>\n");
    assert_int_equal(publish_on("2026-12-01", NULL, &e), -1);
    assert_non_null(strstr(e.message, "facilitator.md:1:1"));
    assert_null(shelf_current(shelf, "small", &e));
}

static void a_required_blank_stops_publishing_until_it_is_filled(void **state)
{
    (void)state;
    struct error e = {0};
    char json[sizeof sample_json + 100], path[300];
    snprintf(json, sizeof json, "{\n  \"site_required\": [\"reporting_office\"],%s",
             sample_json + 1);
    write_file(folder, "course.json", json, strlen(json));
    snprintf(path, sizeof path, "%s/site.json", parent);
    assert_int_equal(shelf_load_site(shelf, path, &e), 0);
    assert_string_equal(shelf_site(shelf, "interpreter_line"), "555-0100");
    assert_string_equal(shelf_site(shelf, "reporting_office"), "");
    assert_string_equal(shelf_site(shelf, "no such key"), "");
    assert_int_equal(publish_on("2026-12-01", NULL, &e), -1);
    assert_non_null(strstr(e.message, "reporting_office"));
    write_file(parent, "site.json",
               "{\"reporting_office\": \"Room 1\", \"interpreter_line\": \"\"}", 54);
    assert_int_equal(shelf_load_site(shelf, path, &e), 0);
    assert_int_equal(publish_on("2026-12-01", NULL, &e), 0);
    write_file(parent, "site.json", "{\"a\": 1}", 8);
    assert_int_equal(shelf_load_site(shelf, path, &e), -1);
    assert_string_equal(shelf_site(shelf, "reporting_office"), "Room 1"); /* the last good one */
}

static void *read_many(void *arg)
{
    const int64_t *id = arg;
    for (int i = 0; i < 200; i++) {
        struct error e = {0};
        const struct publication *const *list;
        const struct publication *p = shelf_get(shelf, *id, &e);
        if (!p || strcmp(p->course, "small") != 0 || !shelf_current(shelf, "small", &e) ||
            shelf_list(shelf, &list) != 1 || strcmp(list[0]->course, "small") != 0)
            return arg;
    }
    return NULL;
}

static void many_threads_read_while_one_publishes(void **state)
{
    (void)state;
    int64_t id = publish();
    shelf_free(shelf);
    shelf = shelf_create(db); /* nothing is loaded yet */
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_many, &id), 0);
    for (int i = 0; i < 5; i++) {
        char text[40];
        snprintf(text, sizeof text, "# Guide\n\nEdition %d.\n", i);
        change_guide(text);
        publish();
    }
    for (int i = 0; i < 4; i++) {
        void *failed;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    struct error e = {0};
    assert_string_equal(shelf_current(shelf, "small", &e)->facilitator_html, "<p>Edition 4.</p>");
}

int main(void)
{
#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, open_shelf, close_shelf)
    const struct CMUnitTest tests[] = {
        ON_SHELF(what_is_published_is_current_and_found),
        ON_SHELF(publishing_the_same_files_again_changes_nothing),
        ON_SHELF(an_older_publication_stays_readable),
        ON_SHELF(another_process_life_reads_the_same),
        ON_SHELF(a_large_course_is_put_down_in_pieces_and_read_as_one),
        ON_SHELF(what_a_refused_publishing_left_is_swept_away),
        ON_SHELF(errors_and_stale_statements_are_not_published),
        ON_SHELF(a_required_blank_stops_publishing_until_it_is_filled),
        ON_SHELF(many_threads_read_while_one_publishes),
    };
    return cmocka_run_group_tests_name("shelf", tests, NULL, NULL);
}
