/* The keys to private writing, between secret_key.c (files) and secret.c (texts). */
#ifndef LEARNING_SECRET_KEY_H
#define LEARNING_SECRET_KEY_H
#include <sodium.h>
#include <stdint.h>

#define KEY_ID_BYTES     8
#define SECRET_KEYS_MOST 16 /* the one that seals, and those that only open */
#define SECRET_KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES

struct secret_key {
    uint8_t *key; /* the subkey that seals, in locked memory */
    uint8_t id[KEY_ID_BYTES];
};

struct secret {
    struct secret_key keys[SECRET_KEYS_MOST]; /* the first one seals */
    int count;
};

#endif
