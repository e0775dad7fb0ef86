/* For unit tests: cmocka and folders of their own. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Leaves a test that cannot be done on this machine; script/test says so once more at its end. */
#define not_done(why)                                                                              \
    do {                                                                                           \
        print_message("NOT DONE HERE: %s: %s\n", __func__, why);                                   \
        skip();                                                                                    \
    } while (0)

/* Test vectors that others have published: beside the sources, not part of them (tests/README.md).
 */
#define NO_VECTORS "no published vectors in " VECTORS_DIR

static inline char *temp_folder(void)
{
    char *path = strdup("/tmp/understory-test-XXXXXX");
    if (!mkdtemp(path))
        fail_msg("cannot make a temporary folder");
    return path;
}

/* FOLDER/NAME; lives until the process ends. */
static inline const char *temp_path(const char *folder, const char *name)
{
    static char paths[32][256];
    static unsigned next;
    char *path = paths[next++ % 32];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* Runs SQL on a database file from outside and gives what it prints (until the next call). */
static inline const char *sqlite_shell(const char *path, const char *sql)
{
    static char out[65536];
    char *command;
    if (asprintf(&command, "sqlite3 -bail '%s' \"%s\" 2>&1", path, sql) < 0)
        fail_msg("no memory");
    FILE *p = popen(command, "r");
    assert_non_null(p);
    size_t n = fread(out, 1, sizeof out - 1, p);
    out[n] = '\0';
    if (pclose(p) != 0)
        fail_msg("%s: %s", sql, out);
    free(command);
    return out;
}

static inline void remove_folder(char *folder)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (strncmp(folder, "/tmp/understory-test-", 21) == 0 && system(command) != 0)
        fail_msg("cannot remove %s", folder);
    free(folder);
}

#endif
