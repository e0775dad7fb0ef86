/*
 * Files, whole or not there. How one is written stands here alone: every byte, however often the
 * system takes only a part; on disk (fsync) before anybody is told so; and under its own name only
 * then. One that takes another's place is written as NAME.new beside it and renamed, and the folder
 * is synced; so whatever is cut short leaves the file of before, or none, and at most a NAME.new,
 * which the next writing removes.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H
#include "base/buf.h"
#include "base/error.h"
#include "base/hash.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an errno is: ERROR_FULL when there is no room (left, or for this user), else ERROR_IO. */
enum error_kind file_error_kind(int why);

/* All of it into an open file, not synced. 0, or -1 with errno. */
int file_put(int fd, const void *data, size_t n);
/* File `name`, of mode 0600, in an open folder; `replace`: in the place of one that may be there,
 * else EEXIST. 0 when it is on disk, or -1 with errno. */
int file_put_in(int folder, const char *name, const void *data, size_t n, bool replace);

/* The whole file; -1 when it cannot be read or is longer than out->max. */
int file_read(const char *path, struct buf *out, struct error *e);
/* A new file of mode 0600, synced; refuses one that is there. */
int file_write(const char *path, const void *data, size_t n, struct error *e);
/* BLAKE2b-256 and length of a file of any size. */
int file_hash(const char *path, uint8_t hash[HASH_BYTES], int64_t *bytes, struct error *e);

/* Renames and syncs the folder; ERROR_CONFLICT when `to` is there. */
int file_rename_new(const char *from, const char *to, struct error *e);
int file_sync_folder_of(const char *path, struct error *e);

#endif
