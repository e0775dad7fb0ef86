/* The log is one whole line per event, whatever is put into it. */
#include "base/instant.h"
#include "base/log.h"
#include "base/text.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What log_line wrote to standard error while `act` ran. */
static char *captured(void (*act)(void))
{
    FILE *file = tmpfile();
    assert_non_null(file);
    int saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    act();
    dup2(saved, STDERR_FILENO);
    close(saved);
    char *text = calloc(1, 1 << 20);
    rewind(file);
    size_t n = fread(text, 1, (1 << 20) - 1, file);
    assert_int_equal(strlen(text), n);
    fclose(file);
    return text;
}

static void plain(void)
{
    log_line(LOG_INFO, "attempt %d handed in", 7);
}

static void hostile(void)
{
    log_line(LOG_ERROR, "a\nb\r\t\x1b[2J\x7F\\ \xC2\x9B é🌱");
    log_line(LOG_ERROR, "\xFF\xC3 é");
}

static void all_levels(void)
{
    log_line(LOG_DEBUG, "one");
    log_line(LOG_INFO, "two");
    log_line(LOG_WARNING, "three");
    log_line(LOG_ERROR, "four");
}

static void endless(void)
{
    char text[20000];
    for (size_t i = 0; i < sizeof text - 3; i += 3)
        memcpy(text + i, "\xE2\x82\xAC", 3);
    text[sizeof text - 2] = '\0';
    log_line(LOG_INFO, "%s", text);
    memset(text, '\n', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    log_line(LOG_INFO, "%s", text);
}

static void *hundred_lines(void *arg)
{
    for (int i = 0; i < 100; i++)
        log_line(LOG_INFO, "thread %s says the same thing a hundred times", (const char *)arg);
    return NULL;
}

static void crowd(void)
{
    pthread_t threads[4];
    static char names[4][2] = {"a", "b", "c", "d"};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hundred_lines, names[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static void a_line_has_time_level_and_text(void **state)
{
    (void)state;
    char *text = captured(plain);
    instant at, now;
    struct clock clock;
    char *space = strchr(text, ' ');
    assert_non_null(space);
    *space = '\0';
    clock_system(&clock);
    now = clock_now(&clock);
    assert_true(instant_parse(text, &at));
    assert_true(at <= now && now - at < INSTANT_MINUTE);
    assert_string_equal(space + 1, "info attempt 7 handed in\n");
    free(text);
}

static void nothing_logged_can_end_the_line_or_steer_a_terminal(void **state)
{
    (void)state;
    char *text = captured(hostile);
    char *newline = strchr(text, '\n');
    assert_non_null(strstr(text, "error a\\x0ab\\x0d\\x09\\x1b[2J\\x7f\\\\ \\x9b é🌱\n"));
    assert_non_null(strstr(newline, "error \\xff\\xc3 \\xc3\\xa9\n"));
    free(text);
}

static void only_lines_at_the_level_or_above_are_written(void **state)
{
    (void)state;
    char *text = captured(all_levels);
    assert_null(strstr(text, "debug one"));
    assert_non_null(strstr(text, "info two"));
    free(text);
    log_set_level(LOG_WARNING);
    text = captured(all_levels);
    log_set_level(LOG_DEBUG);
    assert_null(strstr(text, "info two"));
    assert_non_null(strstr(text, "warning three"));
    assert_non_null(strstr(text, "error four"));
    free(text);
    text = captured(all_levels);
    assert_non_null(strstr(text, "debug one"));
    free(text);
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    char *text = captured(endless);
    size_t first = strcspn(text, "\n");
    assert_true(first > 1000 && first < 4096);
    assert_true(text_is_line(text, first));
    assert_non_null(strstr(text, "€€€\n"));
    size_t second = strcspn(text + first + 1, "\n");
    assert_true(second > 1000 && second < 4096);
    assert_int_equal(text[first + 1 + second + 1], '\0');
    free(text);
}

static void threads_do_not_interleave(void **state)
{
    (void)state;
    char *text = captured(crowd);
    int lines = 0;
    for (char *at = text; *at; lines++) {
        char *end = strchr(at, '\n');
        assert_non_null(end);
        *end = '\0';
        assert_true(text_ends(at, " says the same thing a hundred times"));
        assert_non_null(strstr(at, "Z info thread "));
        at = end + 1;
    }
    assert_int_equal(lines, 400);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_level_and_text),
        cmocka_unit_test(nothing_logged_can_end_the_line_or_steer_a_terminal),
        cmocka_unit_test(only_lines_at_the_level_or_above_are_written),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(threads_do_not_interleave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
