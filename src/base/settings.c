/*
 * One table; the file, the environment and the flags are three ways to the same row. Where a value
 * came from stands in the message when it cannot be taken.
 */
#include "base/settings.h"
#include "base/settings_checks.h"
#include "base/text.h"
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME       "understory.conf"
#define LARGEST_FILE    ((size_t)64 * 1024)
#define TRIAL_ORIGIN    "https://localhost:"
#define MOST_NAME_BYTES 32

enum type { TEXT, NUMBER, SWITCH };

struct row {
    const char *name;
    enum type type;
    size_t offset; /* in struct settings */
    const char *fallback;
    setting_check *check; /* TEXT */
    long min, max;        /* NUMBER */
    const char *meaning;
};

#define AT(field) offsetof(struct settings, field)

static const struct row rows[] = {
    {"data", TEXT, AT(data), "data", check_folder, 0, 0,
     "Data folder; this file lies in it, so it is given by flag or environment only."},
    {"courses", TEXT, AT(courses), "courses", check_folder, 0, 0, "Folder of course sources."},
    {"listen", TEXT, AT(listen), "127.0.0.1:8080", check_listen, 0, 0,
     "Address and port to listen on; TLS is the proxy's work."},
    {"origin", TEXT, AT(origin), NULL, check_origin, 0, 0,
     "What people type: https://HOST[:PORT]. Names every link and the issuer of certificates; "
     "localhost makes it a trial."},
    {"site_name", TEXT, AT(site_name), "Faculty learning", check_line, 0, 0,
     "The name the site speaks under."},
    {"coe_name", TEXT, AT(coe_name), "Center of Excellence (demonstration)", check_line, 0, 0,
     "Who issues certificates; also in the footer."},
    {"funding", TEXT, AT(funding), "", check_optional_line, 0, 0,
     "Acknowledgement of funding, for the footer; empty for none."},
    {"zone", TEXT, AT(zone), "America/Los_Angeles", check_zone, 0, 0,
     "IANA time zone for dates on screen."},
    {"accent_light", TEXT, AT(accent_light), "#1f5f93", check_accent_light, 0, 0,
     "Accent color on white; contrast 4.5 or more."},
    {"accent_dark", TEXT, AT(accent_dark), "#7db8e8", check_accent_dark, 0, 0,
     "Accent color on the dark page (#11181f); contrast 4.5 or more."},
    {"paper", TEXT, AT(paper), "letter", check_paper, 0, 0,
     "Paper that certificates are made for unless the other is asked for: letter or a4."},
    {"logo", TEXT, AT(logo), "", check_logo, 0, 0,
     "Logo on printed certificates: a PNG file of at most 1 MB; empty for the rosette."},
    {"signatory", TEXT, AT(signatory), "", check_optional_name, 0, 0,
     "Who signs printed certificates; empty for nobody."},
    {"signatory_role", TEXT, AT(signatory_role), "", check_optional_name, 0, 0,
     "In what office, under the name."},
    {"trusted_proxy", TEXT, AT(trusted_proxy), "", check_proxy, 0, 0,
     "Address of the proxy whose X-Forwarded-For is believed; empty for none."},
    {"key_passphrase_file", TEXT, AT(key_passphrase_file), "", check_optional_line, 0, 0,
     "File (mode 0600) whose first line is the passphrase of the signing keys; empty: the systemd "
     "credential signing-passphrase, or none."},
    {"workers", NUMBER, AT(workers), "64", NULL, 4, 512, "Connections served at once."},
    {"readers", NUMBER, AT(readers), "8", NULL, 1, 64, "Database connections for reading."},
    {"session_hours", NUMBER, AT(session_hours), "720", NULL, 1, 8760,
     "Hours that signing in lasts on one's own computer."},
    {"backup_keep_days", NUMBER, AT(backup_keep_days), "35", NULL, 0, 3650,
     "Days that backups are kept; people who delete what they wrote are told."},
    {"bench_routes", SWITCH, AT(bench_routes), "no", NULL, 0, 0,
     "Serve the constant pages that benchmarks compare with."},
};
#define ROWS (sizeof rows / sizeof rows[0])

static const struct row *find_row(const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static bool read_switch(const char *value, bool *on)
{
    *on = text_equal(value, "yes") || text_equal(value, "true") || text_equal(value, "on") ||
          text_equal(value, "1");
    return *on || text_equal(value, "no") || text_equal(value, "false") ||
           text_equal(value, "off") || text_equal(value, "0");
}

/* Takes a value into its place; -1 with why not. */
static int take(struct settings *s, struct arena *a, const struct row *row, const char *value,
                struct error *e)
{
    char *place = (char *)s + row->offset;
    int64_t number;
    bool on;
    switch (row->type) {
    case TEXT:
        value = row->check(a, value, e);
        if (!value)
            return -1;
        memcpy(place, &value, sizeof value);
        return 0;
    case NUMBER:
        if (!text_to_int64(value, row->min, row->max, &number))
            return error_set(e, ERROR_INVALID, "write a number from %ld to %ld, not \"%.40s\"",
                             row->min, row->max, value);
        memcpy(place, &(long){(long)number}, sizeof(long));
        return 0;
    default:
        if (!read_switch(value, &on))
            return error_set(e, ERROR_INVALID, "write yes or no, not \"%.40s\"", value);
        memcpy(place, &on, sizeof on);
        return 0;
    }
}

/* The same, with the setting as the field and where it was given before the message. */
__attribute__((format(printf, 6, 7))) static int take_from(struct settings *s, struct arena *a,
                                                           const struct row *row, const char *value,
                                                           struct error *e, const char *where, ...)
{
    struct error why = {0};
    char place[128];
    va_list ap;
    va_start(ap, where);
    vsnprintf(place, sizeof place, where, ap);
    va_end(ap);
    if (take(s, a, row, value, &why) == 0)
        return 0;
    return error_field(e, row->name, "%s: %s", place, why.message);
}

static int unknown_name(struct error *e, const char *name, size_t line)
{
    const char *nearest = NULL;
    unsigned best = 4; /* further off is not a slip of the finger */
    for (size_t i = 0; i < ROWS; i++) {
        unsigned distance = text_distance(name, rows[i].name);
        if (distance < best) {
            best = distance;
            nearest = rows[i].name;
        }
    }
    if (nearest)
        return error_set(e, ERROR_INVALID,
                         "%s:%zu: there is no setting \"%.40s\"; did you mean %s?", FILE_NAME, line,
                         name, nearest);
    return error_set(e, ERROR_INVALID,
                     "%s:%zu: there is no setting \"%.40s\"; serve --print-config lists them",
                     FILE_NAME, line, name);
}

/* One line of the file; `seen` holds the line that gave each row. */
static int take_line(struct settings *s, struct arena *a, char *text, size_t line, size_t *seen,
                     struct error *e)
{
    char *content = text_trim(a, text);
    if (!*content || *content == '#')
        return 0;
    char *equals = strchr(content, '=');
    if (!equals)
        return error_set(e, ERROR_INVALID, "%s:%zu: write name = value", FILE_NAME, line);
    *equals = '\0';
    const char *name = text_trim(a, content);
    const struct row *row = find_row(name);
    if (!row)
        return unknown_name(e, name, line);
    if (row->offset == AT(data))
        return error_field(e, "data",
                           "%s:%zu: data: this file lies in the data folder, so give it as --data "
                           "or UNDERSTORY_DATA",
                           FILE_NAME, line);
    size_t *before = &seen[row - rows];
    if (*before)
        return error_field(e, row->name, "%s:%zu: %s stands in line %zu already: remove one",
                           FILE_NAME, line, row->name, *before);
    *before = line;
    return take_from(s, a, row, text_trim(a, equals + 1), e, "%s:%zu: %s", FILE_NAME, line,
                     row->name);
}

static int take_lines(struct settings *s, struct arena *a, struct buf *file, struct error *e)
{
    size_t seen[ROWS] = {0}, line = 1;
    if (!file->data)
        return 0;
    if (strlen(file->data) != file->length)
        return error_set(e, ERROR_INVALID, "%s holds a NUL byte: write it as text", FILE_NAME);
    for (char *at = file->data, *next; at; at = next, line++) {
        next = strchr(at, '\n');
        if (next)
            *next++ = '\0';
        if (take_line(s, a, at, line, seen, e) < 0)
            return -1;
    }
    return 0;
}

static int take_file(struct settings *s, struct arena *a, struct error *e)
{
    int done = -1;
    const char *path = arena_printf(a, "%s/%s", s->data, FILE_NAME);
    struct buf file;
    FILE *f = fopen(path, "rb");
    if (!f && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    if (!f)
        return error_set(e, ERROR_IO, "%s cannot be opened: %s", path, strerror(errno));
    buf_init(&file, LARGEST_FILE);
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_append(&file, chunk, n);
    if (ferror(f)) {
        error_set(e, ERROR_IO, "%s cannot be read: %s", path, strerror(errno));
        goto out;
    }
    if (file.overflow) {
        error_set(e, ERROR_TOO_LARGE, "%s is longer than %zu bytes", path, LARGEST_FILE);
        goto out;
    }
    done = take_lines(s, a, &file, e);
out:
    buf_free(&file);
    fclose(f);
    return done;
}

static const char *environment(const struct row *row, char name[static MOST_NAME_BYTES])
{
    snprintf(name, MOST_NAME_BYTES, "UNDERSTORY_%s", row->name);
    for (char *p = name; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return getenv(name);
}

static int take_environment(struct settings *s, struct arena *a, struct error *e)
{
    for (size_t i = 0; i < ROWS; i++) {
        char name[MOST_NAME_BYTES];
        const char *value = environment(&rows[i], name);
        if (value && take_from(s, a, &rows[i], value, e, "%s", name) < 0)
            return -1;
    }
    return 0;
}

/* Does this argument name a setting? Then *value is what stands behind '=', or NULL. */
static const struct row *flag_row(const char *argument, const char **value)
{
    char name[MOST_NAME_BYTES];
    if (!text_starts(argument, "--"))
        return NULL;
    argument += 2;
    size_t n = strcspn(argument, "=");
    if (n >= sizeof name)
        return NULL;
    for (size_t i = 0; i < n; i++)
        name[i] = argument[i] == '-' ? '_' : argument[i] == '_' ? '-' : argument[i];
    name[n] = '\0';
    *value = argument[n] ? argument + n + 1 : NULL;
    return find_row(name);
}

/* A flag that was found: its row, its value, and how many arguments it took. */
struct flag {
    const struct row *row;
    const char *value;
    int arguments;
};

static int read_flag(int argc, char **argv, int at, struct flag *flag, struct error *e)
{
    bool on;
    *flag = (struct flag){.arguments = 1};
    flag->row = flag_row(argv[at], &flag->value);
    if (!flag->row || flag->value)
        return 0;
    bool more = at + 1 < argc;
    if (flag->row->type == SWITCH && !(more && read_switch(argv[at + 1], &on))) {
        flag->value = "yes";
        return 0;
    }
    if (!more) {
        error_field(e, flag->row->name, "%s needs a value behind it", argv[at]);
        e->kind = ERROR_USAGE;
        return -1;
    }
    flag->value = argv[at + 1];
    flag->arguments = 2;
    return 0;
}

/*
 * Takes the flags: only --data when `data_only` (it says where the file is, so it is needed before
 * all else, and nothing is removed), and otherwise all of them, closing the gaps in argv.
 */
static int take_flags(struct settings *s, struct arena *a, int *argc, char **argv, bool data_only,
                      struct error *e)
{
    int kept = 1, i = 1;
    while (i < *argc && strcmp(argv[i], "--") != 0) {
        struct flag flag;
        if (read_flag(*argc, argv, i, &flag, e) < 0)
            return -1;
        bool wanted = flag.row && (!data_only || flag.row->offset == AT(data));
        if (wanted && take_from(s, a, flag.row, flag.value, e, "%.*s", (int)strcspn(argv[i], "="),
                                argv[i]) < 0) {
            e->kind = ERROR_USAGE;
            return -1;
        }
        if (!flag.row && !data_only)
            argv[kept++] = argv[i];
        i += flag.arguments;
    }
    if (data_only)
        return 0;
    while (i < *argc)
        argv[kept++] = argv[i++];
    if (kept < *argc)
        argv[kept] = NULL;
    *argc = kept;
    return 0;
}

/* The folder, known before the file in it is read. */
static int take_data(struct settings *s, struct arena *a, int *argc, char **argv, struct error *e)
{
    char name[MOST_NAME_BYTES];
    const struct row *row = find_row("data");
    const char *value = environment(row, name);
    if (value && take_from(s, a, row, value, e, "%s", name) < 0)
        return -1;
    return take_flags(s, a, argc, argv, true, e);
}

static void derive(struct settings *s, struct arena *a)
{
    if (!s->origin) /* a trial: the browser comes straight to us */
        s->origin = arena_printf(a, TRIAL_ORIGIN "%s", strrchr(s->listen, ':') + 1);
    s->host = s->origin + strlen("https://");
    size_t n = strcspn(s->host, ":");
    s->trial = (n == 9 && memcmp(s->host, "localhost", n) == 0) ||
               (n == 9 && memcmp(s->host, "127.0.0.1", n) == 0);
}

int settings_load(struct settings *s, struct arena *a, int *argc, char **argv, struct error *e)
{
    *s = (struct settings){0};
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].fallback &&
            take_from(s, a, &rows[i], rows[i].fallback, e, "the default of %s", rows[i].name) < 0)
            return -1;
    if (take_data(s, a, argc, argv, e) < 0 || take_file(s, a, e) < 0 ||
        take_environment(s, a, e) < 0 || take_flags(s, a, argc, argv, false, e) < 0)
        return -1;
    derive(s, a);
    return 0;
}

const char *settings_address(const struct settings *s, struct arena *a)
{
    return s->trial ? arena_printf(a, "http://127.0.0.1%s", strrchr(s->listen, ':')) : s->origin;
}

void settings_print(const struct settings *s, struct buf *out)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        const char *place = (const char *)s + row->offset, *text;
        long number;
        bool on;
        buf_printf(out, "%s# %s\n%s%s =", i ? "\n" : "", row->meaning,
                   row->offset == AT(data) ? "# " : "", row->name);
        switch (row->type) {
        case TEXT:
            memcpy(&text, place, sizeof text);
            buf_printf(out, "%s%s\n", *text ? " " : "", text);
            break;
        case NUMBER:
            memcpy(&number, place, sizeof number);
            buf_printf(out, " %ld\n", number);
            break;
        case SWITCH:
            memcpy(&on, place, sizeof on);
            buf_printf(out, " %s\n", on ? "yes" : "no");
            break;
        }
    }
}
