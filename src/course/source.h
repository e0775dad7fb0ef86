/*
 * Reading a course folder: all files, every problem in one run.
 */
#ifndef COURSE_SOURCE_H
#define COURSE_SOURCE_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/instant.h"
#include "course/publication.h"

/* The format's limits, in bytes and files. */
#define TEXT_FILE_MAX  ((size_t)256 << 10) /* the Markdown parser is quadratic on hostile input */
#define MEDIA_FILE_MAX ((size_t)1 << 20)
#define COURSE_MAX     ((size_t)8 << 20)
#define COURSE_FILES   1000

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

struct diagnostic {
    enum severity severity;
    const char *code; /* "Q07"; listed with its meaning and hint in one table */
    const char *file; /* as given on the command line, e.g. courses/humility/questions.md */
    int line, column; /* from 1 */
    const char *message;
    const char *hint;
};

/* One row of the table of everything the reader can say (src/course/codes.h). */
struct diagnostic_code {
    const char *code;
    enum severity severity;
    const char *meaning;
    const char *hint;
};
const struct diagnostic_code *diagnostic_codes(int *count);

/* Is this what stops a new publication though it is no error (a review-by date that has passed)? */
bool diagnostic_blocks(const struct diagnostic *d);

/* One file of a course in memory: its path within the course, "lessons/01-a.md", and its bytes. */
struct course_file {
    const char *path;
    const void *bytes;
    size_t size;
};

/* Belongs a path to the format, is it what an editor leaves behind, or neither? */
enum course_path { PATH_OURS, PATH_LEFTOVER, PATH_FOREIGN };
enum course_path course_path(const char *path);
size_t course_path_limit(const char *path); /* how many bytes a file of this name may have */

struct course_source; /* the files of one course and what was read from them */

/* Reads courses/ID, and site.json beside it for the site's blanks. Never stops at the first
 * problem. NULL only when the folder itself cannot be read (ERROR_NOT_FOUND, ERROR_IO). `today` is
 * for review dates. */
struct course_source *course_read(const char *folder, instant today, struct error *e);
/* The folders in `root` that hold a course.json, by name, in the arena. The count, or -1 with e. */
int course_folders(const char *root, struct arena *a, const char ***out, struct error *e);
/* The content hash of a folder as it stands, without reading what its files say. */
int course_folder_hash(const char *folder, char out[65], struct error *e);
/* The same from files in memory, which are copied; each path at most once. Diagnostics name them by
 * their path within the course. Never NULL. */
struct course_reading {
    instant today;
    const char *site;  /* path of site.json, or NULL */
    const char *media; /* where images stand, without '/' at the end; NULL: the publication's own */
};
struct course_source *course_read_files(const struct course_file *files, int count,
                                        const struct course_reading *how);
/* The same from canonical bytes (a stored publication). */
struct course_source *course_thaw(const void *bytes, size_t n, struct error *e);
/* Only the files, in the arena. */
int course_thaw_files(const void *bytes, size_t n, struct arena *a, struct course_file **files,
                      int *count, struct error *e);
void course_free(struct course_source *c);

/* Sorted by file, line, column. */
int course_diagnostics(const struct course_source *c, const struct diagnostic **list);
int course_errors(const struct course_source *c); /* how many of them are errors */

/* A lesson's page is /courses/COURSE/ID. Is that the address of another page, there or to come
 * ("check", "media", "v" and hex digits for a frozen version)? */
bool lesson_name_reserved(const char *id);

/* How many lessons and items were found, with errors or without. */
void course_counts(const struct course_source *c, int *lessons, int *items);

/* Site keys that must not be blank when the course is published ("site_required"). The count. */
int course_site_required(const struct course_source *c, const char *const **keys);

/* The parsed publication; only when course_errors is 0, else NULL. Owned by the source. */
const struct publication *course_publication(const struct course_source *c);

/* What could be read, with errors or without: for titles, hashes and lists only. */
const struct publication *course_as_read(const struct course_source *c);
/* Its files, sorted by path; owned by the source. The count. */
int course_files(const struct course_source *c, const struct course_file **files);
/* One file's bytes, with a NUL behind them, or NULL. Owned by the source. */
const char *course_bytes(const struct course_source *c, const char *path, size_t *n);
/* Line `line` of a text file, from 1, without its end; "" when there is none. Owned by the source.
 */
const char *course_line(const struct course_source *c, const char *path, int line, size_t *length);

/* The canonical form of all files: sorted by path, each "path LF length LF bytes LF". Hash:
 * BLAKE2b-256. */
void course_freeze(const struct course_source *c, struct buf *out);

/* Problems across courses (item ids used twice, …) are appended to the later course. */
void course_check_together(struct course_source **courses, int count);

#endif
