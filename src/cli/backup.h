/*
 * What a backup is: one uncompressed tar file (POSIX ustar) with manifest.json first, then the
 * database (which holds every publication) and the settings file. The manifest holds each member's
 * length and BLAKE2b-256, the time, the schema, and the number of rows and the head hash of the
 * ledger and the audit. The keys are not in it: they go into a file of their own, sealed under a
 * passphrase (sealed.h), so that no one file has both.
 */
#ifndef CLI_BACKUP_H
#define CLI_BACKUP_H
#include "cli/app.h"
#include <cjson/cJSON.h>

#define BACKUP_FORMAT   1
#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_SETTINGS "understory.conf"

/* Writes a new file (0600; refuses to overwrite; complete on disk or not there) while the server
 * runs. Fills `out` with "file", "bytes", "ledger_rows" and "keys" (which restoring needs). */
int backup_make(struct app *app, const char *path, cJSON *out, struct error *e);

/* Notes that the keys were sealed into a file (`understory backup --keys` did it). */
void backup_keys_made(struct app *app, int64_t keys);

#endif
