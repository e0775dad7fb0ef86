/*
 * Inside the room only: what the parts of the reader share. One struct course_source is filled by
 * the parts in the order of read_course(); each part reports what is wrong and goes on.
 */
#ifndef COURSE_READER_H
#define COURSE_READER_H
#include "base/arena.h"
#include "course/codes.h"
#include "course/list.h"
#include "course/source.h"
#define CMARK_NO_SHORT_NAMES
#include <cmark-gfm.h>

#define ID_MAX 64

struct source_file {
    const char *path;  /* within the course: "lessons/01-a.md" */
    const char *shown; /* as diagnostics name it: "courses/humility/lessons/01-a.md" */
    const char *data;  /* `size` bytes and a NUL */
    size_t size;
    const size_t *line_start; /* of text files: offset of each line */
    int line_count;
};

/* What the checks need beyond the publication. */
struct objective_facts {
    int line, column;
    const char *evidence; /* "check", "case" or "plan" */
};
struct item_facts {
    int line, column;
    int stem_line, stem_column;
    const char *stem_canonical;
    bool has_refs;
    int lesson;  /* index of the lesson that shows it, or -1 */
    bool broken; /* reported already: the whole-bank checks leave it out */
};
struct case_facts {
    const struct source_file *file;
    int shown; /* how often a lesson shows it */
};
struct reference_facts {
    int line, column;
    const char *label; /* "Tervalon 1998" */
    bool checked;
    int uses;
};
struct lesson_facts {
    const struct source_file *file;
    int reflections, commits, checks; /* callouts of the kind, good or not */
};

struct course_source {
    struct arena *arena;
    const char *folder;   /* as given; NULL when thawed */
    const char *name;     /* the folder's own name; NULL when thawed */
    const char *media_at; /* where its media stand; NULL: at the publication's own address */
    bool judge;           /* run the author-facing rules too (not on what was published already) */
    instant today;
    struct source_file *files; /* sorted by the bytes of path */
    int file_count;

    struct list diagnostics; /* struct diagnostic */
    int error_count;

    struct publication publication;
    bool metadata_read; /* course.json could be parsed */
    struct list objectives, objective_facts;
    struct list references, reference_facts;
    struct list items, item_facts;
    struct list cases, case_facts;
    struct list lessons, lesson_facts;
    struct list tools, reflections; /* const char *: their names in lessons, unique */
    struct list media;              /* struct media */
    struct list json_places;
    bool designated; /* credit.status */
    const char *last_reviewed;
    int review_every_months;
    const char *const *site_required;
    int site_required_count;

    bool site_read;        /* site.json was found and parsed */
    struct list site_keys; /* struct site_key */
};

struct site_key {
    const char *key, *value;
};

/* ---- diagnostics.c ---- */

/* `hint` NULL takes the table's; `format` NULL takes the table's meaning. */
void report(struct course_source *c, enum course_code code, const struct source_file *file,
            int line, int column, const char *hint, const char *format, ...)
    __attribute__((format(printf, 7, 8)));
void report_at(struct course_source *c, enum course_code code, const char *shown, int line,
               int column, const char *hint, const char *format, ...)
    __attribute__((format(printf, 7, 8)));
void diagnostics_sort(struct course_source *c); /* by file, line, column */
/* "did you mean "KEY"?" or NULL when nothing is near. */
const char *nearest_hint(struct arena *a, const char *word, const char *const *known, int count);

/* ---- folder.c, freeze.c ---- */

/* The files of c->folder, or of a list whose bytes are copied. What does not belong is reported. -1
 * with e only when the folder itself cannot be read. */
int folder_read(struct course_source *c, struct error *e);
void memory_read(struct course_source *c, const struct course_file *files, int count);
void read_site(struct course_source *c, const char *path); /* site.json; nothing when not there */
void source_lines(struct course_source *c, struct source_file *f);
/* Line `n` from 1, without its end; *length in bytes. "" when there is none. */
const char *source_line(const struct source_file *f, int n, size_t *length);
void encoding_check(struct course_source *c, const struct source_file *f); /* F01, F02 */
/* By its path within the course; NULL when it is not there. */
const struct source_file *source_file(const struct course_source *c, const char *path);
/* "lessons/03-asking-well.md" gives "asking-well"; reports F05 and gives NULL when not usable. */
const char *file_id(struct course_source *c, const struct source_file *f);
bool is_id(const char *s); /* [a-z0-9][a-z0-9-]*, at most ID_MAX bytes */

/* ---- the parts, in this order: each reads its files into the publication ---- */

void metadata_read(struct course_source *c);
void media_read(struct course_source *c);
void references_read(struct course_source *c);
void questions_read(struct course_source *c);
void cases_read(struct course_source *c);
void lessons_read(struct course_source *c);
void facilitator_read(struct course_source *c);
void rules_check(struct course_source *c);    /* the course as a whole */
void warnings_check(struct course_source *c); /* the bank, time and dates */

/* An empty one, for a reader of other files. Freed with course_free. */
struct course_source *course_new(void);
/* From canonical bytes; with `judge` also by the author-facing rules, as of `today`. */
struct course_source *thaw_course(const void *bytes, size_t n, bool judge, instant today,
                                  struct error *e);
void read_course(struct course_source *c); /* all of them; the files are there */

/* ---- lookups: the index in the publication, or -1 ---- */

int find_objective(const struct course_source *c, const char *id);
int find_reference(const struct course_source *c, const char *key, size_t n);
int find_item(const struct course_source *c, const char *id);
int find_case(const struct course_source *c, const char *id);
int find_media(const struct course_source *c, const char *url); /* media/NAME or ../media/NAME */

#endif
