/*
 * `understory sunset`: the site's last day as a folder. Piece by piece, inside the server when one
 * runs, and with the same moment ("at") on every page:
 *
 *   begin → certificates … → checkpoints … → finish
 *
 * Until it is finished the folder is called PATH.part. What was issued, withdrawn or switched on or
 * off meanwhile makes finish refuse, so that pages and status lists say the same.
 */
#ifndef CLI_SUNSET_H
#define CLI_SUNSET_H
#include "cli/control.h"
#include "http/still.h"
#include "learning/sunset.h"

#define SUNSET_YEARS      10
#define SUNSET_YEARS_MOST 30

/* In, of all four: "folder" (absolute); of all but begin: "at". */

/* Also in: "files". Out: "at", "state" (for finish), "certificates", "waiting", "checkpoint" (the
 * last one's size, 0: none) and "log_problem" (why newer certificates are not in it, or none). */
int sunset_begin_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);
/* Also in: "after", "last", "files" (make PDF and picture of each), "milliseconds". Out: "after".
 */
int sunset_certificates_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);
/* Also in: "after", "last", "milliseconds". Out: "after" (== last: that is all). */
int sunset_checkpoints_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);
/* Also in: "state", "years" (0: a rehearsal). Out: "folder", "lists", "until". */
int sunset_finish_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

/* ---- between the files of this command ---- */

struct site;

struct sunset {
    struct app *app;
    struct arena *arena; /* of the piece */
    const char *folder;
    instant at, until; /* until: of the status lists, when they are signed */
    bool rehearsal, files;
    int64_t unprinted;
    struct site *site;
    struct still *still;
    struct server_options options;
};

/* One address of the site as a file of the folder: `file` is its name there. What strangers do not
 * get (403, 404) is left out, and *there tells (NULL: it must be there). */
int sunset_put(struct sunset *s, const char *address, const char *file, bool *there,
               struct error *e);
int sunset_put_text(struct sunset *s, const char *file, const char *text, struct error *e);

/* The pages and texts that only the folder has. */
int sunset_put_guide(struct sunset *s, struct error *e);       /* how to check; no lists of codes */
int sunset_put_front(struct sunset *s, struct error *e);       /* the first page, README.txt */
int sunset_put_key_history(struct sunset *s, struct error *e); /* every key there ever was */

#endif
