/* Due work of a running server, in a thread of its own: certificates that wait, the log's next
 * checkpoint, sessions and sign-in links that ended, deletions of accounts; once a day changes of a
 * name that were cut short; and once after the start a look at whether the course folders differ
 * from what is published. */
#ifndef CLI_CHORES_H
#define CLI_CHORES_H
#include "cli/app.h"

struct chores;

struct chores *chores_start(struct app *app, struct error *e);
void chores_stop(struct chores *c); /* finishes the piece at hand; NULL is fine */

/* One round of due work at the app's present time, with what is due daily or without; for the
 * thread and for tests. */
void chores_round(struct app *app, bool daily);

#endif
