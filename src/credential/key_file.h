/*
 * Files that hold a secret: in a folder of mode 0700, each 0600, both owned by who runs the server.
 * Looser ones are refused with the remedy, since a key that others could read proves nothing.
 */
#ifndef CREDENTIAL_KEY_FILE_H
#define CREDENTIAL_KEY_FILE_H
#include "base/error.h"
#include <stdbool.h>
#include <stddef.h>

#define KEY_FILE_MAX_BYTES 4096
#define KEY_FILE_NAME_MAX  80

/* The folder, made when it is missing, as a descriptor; -1 with e. */
int key_folder_open(const char *folder, struct error *e);

/* The bytes of file `name` in an open folder (`path` is the folder's name, for messages). The
 * caller wipes all KEY_FILE_MAX_BYTES and frees. NULL with e; ERROR_NOT_FOUND when there is none.
 */
char *key_file_read(int folder, const char *path, const char *name, size_t *length,
                    struct error *e);

/* Writes PATH/name by way of a new file beside it: after a crash the old file or the new one stands
 * there, whole and on disk. `replace`: over an existing one; else one that is there is an error. */
int key_file_write(const char *path, const char *name, const char *bytes, size_t n, bool replace,
                   struct error *e);

#endif
