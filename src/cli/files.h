/* Files as backups need them: whole, private, on disk or not there. */
#ifndef CLI_FILES_H
#define CLI_FILES_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/hash.h"
#include <stdbool.h>
#include <stdint.h>

/* The whole file; -1 when it cannot be read or is longer than out->max. */
int file_read(const char *path, struct buf *out, struct error *e);
/* A new file of mode 0600, synced; refuses one that is there. */
int file_write(const char *path, const void *data, size_t n, struct error *e);
/* BLAKE2b-256 and length of a file of any size. */
int file_hash(const char *path, uint8_t hash[HASH_BYTES], int64_t *bytes, struct error *e);

/* Renames and syncs the folder; ERROR_CONFLICT when `to` is there. */
int file_rename_new(const char *from, const char *to, struct error *e);
int file_sync_folder_of(const char *path, struct error *e);

/* Absent, or a folder with nothing in it? */
bool folder_is_unused(const char *path);
/* Removes the files in a folder and the folder; what is not there is fine. Not recursive. */
void folder_remove(const char *path);

/* A path from here as one that holds anywhere. */
const char *path_absolute(struct arena *a, const char *path);

#endif
