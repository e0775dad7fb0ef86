/* Settings: defaults for a trial, then file, environment and flags, each value checked. */
#include "base/settings.h"
#include "base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct site {
    char folder[64];
    struct arena *arena;
    struct settings s;
    struct error e;
    int left; /* arguments left over, and the first of them */
    char *first;
};

static int begin(void **state)
{
    static struct site site;
    memset(&site, 0, sizeof site);
    strcpy(site.folder, "/tmp/settings-XXXXXX");
    assert_non_null(mkdtemp(site.folder));
    site.arena = arena_create();
    *state = &site;
    return 0;
}

static int end(void **state)
{
    struct site *site = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/understory.conf", site->folder);
    unlink(path);
    rmdir(site->folder);
    arena_free(site->arena);
    unsetenv("UNDERSTORY_DATA");
    unsetenv("UNDERSTORY_WORKERS");
    unsetenv("UNDERSTORY_SITE_NAME");
    return 0;
}

static void write_file(struct site *site, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/understory.conf", site->folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* Loads with `arguments` (up to a NULL) behind the command's name and --data FOLDER. */
static int load(struct site *site, const char *const *arguments)
{
    char *argv[32] = {arena_strdup(site->arena, "serve"), arena_strdup(site->arena, "--data"),
                      site->folder};
    int argc = 3;
    while (*arguments)
        argv[argc++] = arena_strdup(site->arena, *arguments++);
    site->e = (struct error){0};
    int done = settings_load(&site->s, site->arena, &argc, argv, &site->e);
    site->left = argc - 1;
    site->first = argv[1];
    return done;
}

#define LOAD(site, ...)  load(site, (const char *const[]){__VA_ARGS__, NULL})
#define LOAD_PLAIN(site) load(site, (const char *const[]){NULL})

static void defaults_work_for_a_trial(void **state)
{
    struct site *site = *state;
    assert_int_equal(LOAD_PLAIN(site), 0);
    assert_string_equal(site->s.data, site->folder);
    assert_string_equal(site->s.courses, "courses");
    assert_string_equal(site->s.listen, "127.0.0.1:8080");
    assert_string_equal(site->s.origin, "https://localhost:8080");
    assert_string_equal(site->s.host, "localhost:8080");
    assert_string_equal(site->s.site_name, "Faculty learning");
    assert_string_equal(site->s.coe_name, "Center of Excellence (demonstration)");
    assert_string_equal(site->s.funding, "");
    assert_string_equal(site->s.zone, "America/Los_Angeles");
    assert_string_equal(site->s.trusted_proxy, "");
    assert_int_equal(site->s.workers, 64);
    assert_int_equal(site->s.readers, 8);
    assert_int_equal(site->s.session_hours, 720);
    assert_false(site->s.bench_routes);
    assert_true(site->s.trial);
}

static void no_default_speaks_the_products_name(void **state)
{
    struct site *site = *state;
    struct buf out;
    assert_int_equal(LOAD_PLAIN(site), 0);
    buf_init(&out, 1 << 16);
    settings_print(&site->s, &out);
    assert_null(strcasestr(site->s.site_name, "understory"));
    assert_null(strcasestr(site->s.coe_name, "understory"));
    assert_null(strcasestr(out.data, "understory"));
    buf_free(&out);
}

static void a_later_source_wins(void **state)
{
    struct site *site = *state;
    write_file(site, "# a comment\n\n  workers = 10 \r\nreaders=4\nsite_name = From the file\n"
                     "accent_light = #1F5F93\nfunding =\n");
    assert_int_equal(LOAD_PLAIN(site), 0);
    assert_int_equal(site->s.workers, 10);
    assert_int_equal(site->s.readers, 4);
    assert_string_equal(site->s.site_name, "From the file");
    assert_string_equal(site->s.accent_light, "#1f5f93");
    setenv("UNDERSTORY_WORKERS", "11", 1);
    setenv("UNDERSTORY_SITE_NAME", "From the environment", 1);
    assert_int_equal(LOAD_PLAIN(site), 0);
    assert_int_equal(site->s.workers, 11);
    assert_int_equal(LOAD(site, "--workers", "12", "--site-name=From a flag"), 0);
    assert_int_equal(site->s.workers, 12);
    assert_string_equal(site->s.site_name, "From a flag");
    assert_int_equal(site->s.readers, 4);
}

static void the_data_folder_is_found_before_the_file(void **state)
{
    struct site *site = *state;
    write_file(site, "workers = 10\n");
    char *argv[] = {(char[]){"serve"}, NULL};
    int argc = 1;
    setenv("UNDERSTORY_DATA", site->folder, 1);
    assert_int_equal(settings_load(&site->s, site->arena, &argc, argv, &site->e), 0);
    assert_int_equal(site->s.workers, 10);
    setenv("UNDERSTORY_DATA", "/nonexistent", 1); /* the flag wins */
    assert_int_equal(LOAD_PLAIN(site), 0);
    assert_int_equal(site->s.workers, 10);
    assert_string_equal(site->s.data, site->folder);
}

static void other_arguments_are_left_to_the_command(void **state)
{
    struct site *site = *state;
    assert_int_equal(LOAD(site, "file", "--workers", "12", "--print-config"), 0);
    assert_int_equal(site->left, 2);
    assert_string_equal(site->first, "file");
    assert_int_equal(LOAD(site, "--", "--workers", "oak"), 0);
    assert_int_equal(site->left, 3);
    assert_int_equal(site->s.workers, 64);
    assert_int_equal(LOAD(site, "--site_name", "x"), 0); /* flags are spelt with hyphens */
    assert_int_equal(site->left, 2);
}

static void a_switch_may_stand_alone(void **state)
{
    struct site *site = *state;
    assert_int_equal(LOAD(site, "--bench-routes", "file"), 0);
    assert_true(site->s.bench_routes);
    assert_int_equal(site->left, 1);
    assert_int_equal(LOAD(site, "--bench-routes", "no", "file"), 0);
    assert_false(site->s.bench_routes);
    assert_int_equal(site->left, 1);
    assert_int_equal(LOAD(site, "--bench-routes=maybe"), -1);
}

static void the_trial_origin_follows_the_port(void **state)
{
    struct site *site = *state;
    assert_int_equal(LOAD(site, "--listen", "127.0.0.1:9000"), 0);
    assert_string_equal(site->s.origin, "https://localhost:9000");
    assert_true(site->s.trial);
    assert_int_equal(LOAD(site, "--listen=0.0.0.0:9000", "--origin=https://Learn.Example.edu"), 0);
    assert_string_equal(site->s.origin, "https://learn.example.edu");
    assert_string_equal(site->s.host, "learn.example.edu");
    assert_false(site->s.trial);
    assert_int_equal(LOAD(site, "--origin=https://127.0.0.1:9000"), 0);
    assert_true(site->s.trial);
    assert_int_equal(LOAD(site, "--origin=https://localhosts"), 0);
    assert_false(site->s.trial);
    assert_int_equal(LOAD(site, "--origin=https://a.example:443"), 0);
    assert_string_equal(site->s.origin, "https://a.example");
}

static void each_value_is_checked(void **state)
{
    struct site *site = *state;
    static const struct {
        const char *name, *value;
    } bad[] = {
        {"origin", "http://learn.example.edu"},
        {"origin", "https://"},
        {"origin", "https://learn.example.edu/"},
        {"origin", "https://learn.example.edu/path"},
        {"origin", "https://learn.example.edu?x"},
        {"origin", "https://user@learn.example.edu"},
        {"origin", "https://learn.example.edu:"},
        {"origin", "https://learn.example.edu:0"},
        {"origin", "https://learn.example.edu:65536"},
        {"origin", "https://learn.example.edu:80/"},
        {"origin", "https://-learn.example.edu"},
        {"origin", "https://learn-.example.edu"},
        {"origin", "https://learn..edu"},
        {"origin", "https://.edu"},
        {"origin", "https://learn.edu."},
        {"origin", "https://lerne\xC3\xBC.edu"},
        {"listen", "8080"},
        {"listen", "localhost:8080"},
        {"listen", "127.0.0.1"},
        {"listen", "127.0.0.1:"},
        {"listen", "127.0.0.1:0"},
        {"listen", "127.0.0.1:65536"},
        {"listen", "127.0.0.1:8080s"},
        {"listen", "1.2.3:80"},
        {"site_name", ""},
        {"site_name", "two\nlines"},
        {"site_name", "\xC3"},
        {"coe_name", ""},
        {"zone", "Mars/Olympus"},
        {"zone", ""},
        {"accent_light", "1f5f93"},
        {"accent_light", "#1f5f9"},
        {"accent_light", "#1f5f931"},
        {"accent_light", "blue"},
        {"accent_light", "#888888"},
        {"accent_dark", "#1f5f93"},
        {"trusted_proxy", "proxy.example.edu"},
        {"trusted_proxy", "127.0.0.1, ::1"},
        {"workers", "3"},
        {"workers", "513"},
        {"workers", ""},
        {"workers", "sixty"},
        {"workers", "64 "},
        {"readers", "0"},
        {"readers", "65"},
        {"session_hours", "0"},
        {"bench_routes", "maybe"},
        {"data", ""},
        {"courses", ""},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char flag[200];
        snprintf(flag, sizeof flag, "--%s=%s", bad[i].name, bad[i].value);
        for (char *p = flag; *p && *p != '='; p++)
            *p = *p == '_' ? '-' : *p;
        if (LOAD(site, flag) == 0)
            fail_msg("%s was taken", flag);
        assert_int_equal(site->e.kind, ERROR_USAGE);
        assert_string_equal(site->e.field, bad[i].name);
        assert_int_equal(strncmp(site->e.message, flag, strcspn(flag, "=")), 0);
    }
    assert_int_equal(LOAD(site, "--trusted-proxy", "::1"), 0);
    assert_int_equal(LOAD(site, "--workers", "4", "--readers", "64"), 0);
    assert_int_equal(LOAD(site, "--workers"), -1);
    assert_string_equal(site->e.message, "--workers needs a value behind it");
}

static void contrast_is_wcags(void **state)
{
    struct site *site = *state;
    assert_int_equal(LOAD(site, "--accent-light", "#767676"), 0); /* 4.54, the well-known grey */
    assert_int_equal(LOAD(site, "--accent-light", "#777777"), -1);
    assert_non_null(strstr(site->e.message, "4.47"));
    assert_int_equal(LOAD(site, "--accent-light", "#ffffff"), -1);
    assert_non_null(strstr(site->e.message, "1.00"));
}

static void messages_say_where(void **state)
{
    struct site *site = *state;
    static const struct {
        const char *file, *says;
    } cases[] = {
        {"readers = 4\nworkers = 1\n",
         "understory.conf:2: workers: write a number from 4 to 512, not \"1\""},
        {"\nworker = 10\n",
         "understory.conf:2: there is no setting \"worker\"; did you mean workers?"},
        {"site-name = x\n",
         "understory.conf:1: there is no setting \"site-name\"; did you mean site_name?"},
        {"colour = red\n", "understory.conf:1: there is no setting \"colour\"; serve "
                           "--print-config lists them"},
        {"workers 10\n", "understory.conf:1: write name = value"},
        {"workers = 10\n\nworkers = 11\n",
         "understory.conf:3: workers stands in line 1 already: remove one"},
        {"data = elsewhere\n", "understory.conf:1: data: this file lies in the data folder, so "
                               "give it as --data or UNDERSTORY_DATA"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_file(site, cases[i].file);
        assert_int_equal(LOAD_PLAIN(site), -1);
        assert_int_equal(site->e.kind, ERROR_INVALID);
        assert_string_equal(site->e.message, cases[i].says);
    }
    write_file(site, "");
    setenv("UNDERSTORY_WORKERS", "1", 1);
    assert_int_equal(LOAD_PLAIN(site), -1);
    assert_string_equal(site->e.message,
                        "UNDERSTORY_WORKERS: write a number from 4 to 512, not \"1\"");
}

static void a_file_beyond_reason_is_refused(void **state)
{
    struct site *site = *state;
    char *text = malloc(70001);
    memset(text, '#', 70000);
    text[70000] = '\0';
    write_file(site, text);
    free(text);
    assert_int_equal(LOAD_PLAIN(site), -1);
    assert_int_equal(site->e.kind, ERROR_TOO_LARGE);
    char path[128];
    snprintf(path, sizeof path, "%s/understory.conf", site->folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fwrite("workers = 10\0\n", 1, 14, f);
    fclose(f);
    assert_int_equal(LOAD_PLAIN(site), -1);
    assert_non_null(strstr(site->e.message, "NUL"));
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0); /* there, but no file */
    assert_int_equal(LOAD_PLAIN(site), -1);
    assert_int_equal(site->e.kind, ERROR_IO);
    rmdir(path);
}

static void what_is_printed_can_be_the_file(void **state)
{
    struct site *site = *state;
    struct buf first, second;
    buf_init(&first, 1 << 16);
    buf_init(&second, 1 << 16);
    assert_int_equal(LOAD(site, "--workers=99", "--bench-routes", "--funding=A gift & more = good",
                          "--origin=https://learn.example.edu", "--trusted-proxy=127.0.0.1"),
                     0);
    settings_print(&site->s, &first);
    write_file(site, first.data);
    if (LOAD_PLAIN(site) < 0)
        fail_msg("%s", site->e.message);
    settings_print(&site->s, &second);
    assert_string_equal(first.data, second.data);
    assert_int_equal(site->s.workers, 99);
    assert_string_equal(site->s.funding, "A gift & more = good");
    buf_free(&first);
    buf_free(&second);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(defaults_work_for_a_trial),
        TEST(no_default_speaks_the_products_name),
        TEST(a_later_source_wins),
        TEST(the_data_folder_is_found_before_the_file),
        TEST(other_arguments_are_left_to_the_command),
        TEST(a_switch_may_stand_alone),
        TEST(the_trial_origin_follows_the_port),
        TEST(each_value_is_checked),
        TEST(contrast_is_wcags),
        TEST(messages_say_where),
        TEST(a_file_beyond_reason_is_refused),
        TEST(what_is_printed_can_be_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
