/*
 * The keys folder as one file, sealed under a passphrase: Argon2id (RFC 9106, 256 MiB) makes a key
 * of it, XSalsa20-Poly1305 (libsodium's secretbox) seals a tar of the key files. A file that was
 * altered, and a passphrase that is not the one, look alike.
 *
 *     "understory-keys 1\n" · salt 16 · operations u64 · memory u64 · nonce 24 · box      (little
 * endian)
 */
#ifndef CLI_SEALED_H
#define CLI_SEALED_H
#include "base/arena.h"
#include "base/error.h"
#include "base/instant.h"
#include <stdbool.h>

/* Writes a new file (0600, refuses to overwrite). ERROR_NOT_FOUND when there is no key. Returns how
 * many keys, or -1. */
int keys_seal(const char *keys_folder, const char *path, const char *passphrase, instant at,
              struct error *e);
/* Opens a sealed file into a new folder (0700). Returns how many keys, or -1. */
int keys_unseal(const char *path, const char *passphrase, const char *keys_folder, struct error *e);

/* A passphrase: the first line of `file`, or asked for on the terminal (twice when `twice`). In the
 * arena. NULL with e. */
const char *passphrase_read(const char *file, bool twice, struct arena *a, struct error *e);

#endif
