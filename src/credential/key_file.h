/*
 * Files that hold a secret: in a folder of mode 0700, each 0600, both owned by who runs the server.
 * Looser ones, another owner's and symbolic links are refused with the remedy, since a key that
 * others could read proves nothing.
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
/* The same for one file that may stand in any folder. */
char *key_file_read_path(const char *path, size_t *length, struct error *e);

/*
 * The same for a systemd credential, FOLDER/NAME with FOLDER from $CREDENTIALS_DIRECTORY, which is
 * only ever read. systemd makes it (LoadCredential=, mode 0400) and lets the service's user in
 * either as the owner or, the file staying root's, by an ACL, whose mask then shows as the group's
 * read bit (systemd.exec(5)); so root's files may have that one bit more.
 */
char *key_credential_read(const char *folder, const char *name, size_t *length, struct error *e);
bool key_credential_name(const char *name); /* 1 to 64 of A-Z a-z 0-9 . _ -, not '.' first */

/*
 * Writes PATH/name, whole and on disk (base/file.h). `replace`: in the place of an existing one,
 * which is overwritten with zeros then (as far as that reaches: not into a disk's or a file
 * system's own copies); else one that is there is an error.
 */
int key_file_write(const char *path, const char *name, const char *bytes, size_t n, bool replace,
                   struct error *e);

#endif
