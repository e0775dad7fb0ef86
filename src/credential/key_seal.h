/*
 * The private half of one key, sealed under a passphrase: Argon2id (RFC 9106, 256 MiB) makes a key
 * of the passphrase, XSalsa20-Poly1305 (libsodium's secretbox) seals the 32-byte seed. As text,
 * base64url without padding of
 *
 *     salt 16 · operations u64 · memory u64 · nonce 24 · box 48      (little endian)
 *
 * A text that was altered, and a passphrase that is not the one, look alike.
 */
#ifndef CREDENTIAL_KEY_SEAL_H
#define CREDENTIAL_KEY_SEAL_H
#include "base/error.h"
#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>

#define PASSPHRASE_MIN 12
#define PASSPHRASE_MAX 1024

#define KEY_SEAL_TEXT 140 /* with the NUL */

int key_seal(const uint8_t seed[crypto_sign_SEEDBYTES], const char *passphrase,
             char text[KEY_SEAL_TEXT], struct error *e);
/* -1 with ERROR_FORBIDDEN: another passphrase, or altered. */
int key_unseal(const char *text, const char *passphrase, uint8_t seed[crypto_sign_SEEDBYTES],
               struct error *e);
bool key_seal_is_text(const char *text); /* has the form; nothing is opened */

/* What a passphrase is made a key with. The parameters stand beside what was sealed, and are
 * bounded here, since they come from a file. */
struct passphrase_work {
    uint8_t salt[crypto_pwhash_SALTBYTES], operations[8], memory[8]; /* little endian */
};
void passphrase_work_new(struct passphrase_work *out); /* a fresh salt; about a second */
int passphrase_key(const struct passphrase_work *work, const char *passphrase,
                   uint8_t key[crypto_secretbox_KEYBYTES], struct error *e);

#endif
