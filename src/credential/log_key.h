/*
 * The key of the transparency log, FOLDER/log.key, beside the signing keys and as strictly kept
 * (key_file.h). It outlives every one of them, so it is a file of its own kind:
 *
 *   understory-log-key 1
 *   train.example.edu/log            the log's name
 *   BASE64URL of the 32-byte seed
 */
#ifndef CREDENTIAL_LOG_KEY_H
#define CREDENTIAL_LOG_KEY_H
#include "credential/note.h"

#define LOG_KEY_FILE "log.key"

struct log_signer {
    struct note_key key;
    uint8_t *secret; /* NOTE_SECRET bytes in locked memory */
};

/* NULL with e. When there is no file: with `make`, a new key is written under `name`, complete and
 * on disk or not there; else ERROR_NOT_FOUND. A key that is there keeps the name it has. */
struct log_signer *log_key_open(const char *folder, const char *name, bool make, struct error *e);
/* The same key under another name, in the file and here. */
int log_key_rename(const char *folder, struct log_signer *s, const char *name, struct error *e);
void log_key_free(struct log_signer *s); /* wipes; NULL is fine */

#endif
