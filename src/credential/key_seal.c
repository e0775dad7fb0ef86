#include "credential/key_seal.h"
#include "base/random.h"
#include <string.h>

#define VARIANT         sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define OPERATIONS_MOST 16
#define MEMORY_MOST     ((uint64_t)1 << 30)

struct sealed {
    struct passphrase_work work;
    uint8_t nonce[crypto_secretbox_NONCEBYTES];
    uint8_t box[crypto_sign_SEEDBYTES + crypto_secretbox_MACBYTES];
};
_Static_assert(sizeof(struct sealed) == 16 + 8 + 8 + 24 + 48, "no padding");
_Static_assert(sodium_base64_ENCODED_LEN(sizeof(struct sealed), VARIANT) == KEY_SEAL_TEXT, "text");

static void put_u64(uint8_t out[8], uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get_u64(const uint8_t in[8])
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | in[i];
    return value;
}

void passphrase_work_new(struct passphrase_work *out)
{
    random_bytes(out->salt, sizeof out->salt);
    put_u64(out->operations, crypto_pwhash_OPSLIMIT_MODERATE);
    put_u64(out->memory, crypto_pwhash_MEMLIMIT_MODERATE);
}

int passphrase_key(const struct passphrase_work *work, const char *passphrase,
                   uint8_t key[crypto_secretbox_KEYBYTES], struct error *e)
{
    uint64_t operations = get_u64(work->operations), memory = get_u64(work->memory);
    if (operations > OPERATIONS_MOST || memory > MEMORY_MOST)
        return error_set(e, ERROR_INVALID, "this was not sealed by us, or it was altered");
    if (crypto_pwhash(key, crypto_secretbox_KEYBYTES, passphrase, strlen(passphrase), work->salt,
                      operations, (size_t)memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return error_set(e, ERROR_INTERNAL,
                         "there is not enough memory for the passphrase (256 MiB)");
    return 0;
}

int key_seal(const uint8_t seed[crypto_sign_SEEDBYTES], const char *passphrase,
             char text[KEY_SEAL_TEXT], struct error *e)
{
    struct sealed s;
    uint8_t key[crypto_secretbox_KEYBYTES];
    passphrase_work_new(&s.work);
    random_bytes(s.nonce, sizeof s.nonce);
    if (passphrase_key(&s.work, passphrase, key, e))
        return -1;
    crypto_secretbox_easy(s.box, seed, crypto_sign_SEEDBYTES, s.nonce, key);
    sodium_memzero(key, sizeof key);
    sodium_bin2base64(text, KEY_SEAL_TEXT, (const uint8_t *)&s, sizeof s, VARIANT);
    return 0;
}

static bool read_text(const char *text, struct sealed *out)
{
    size_t n = 0;
    return strlen(text) == KEY_SEAL_TEXT - 1 &&
           sodium_base642bin((uint8_t *)out, sizeof *out, text, KEY_SEAL_TEXT - 1, NULL, &n, NULL,
                             VARIANT) == 0 &&
           n == sizeof *out;
}

bool key_seal_is_text(const char *text)
{
    struct sealed ignored;
    return read_text(text, &ignored);
}

int key_unseal(const char *text, const char *passphrase, uint8_t seed[crypto_sign_SEEDBYTES],
               struct error *e)
{
    struct sealed s;
    uint8_t key[crypto_secretbox_KEYBYTES];
    if (!read_text(text, &s))
        return error_set(e, ERROR_INVALID, "what is sealed in it is damaged");
    if (passphrase_key(&s.work, passphrase, key, e))
        return -1;
    int opened = crypto_secretbox_open_easy(seed, s.box, sizeof s.box, s.nonce, key);
    sodium_memzero(key, sizeof key);
    if (opened != 0)
        return error_set(e, ERROR_FORBIDDEN,
                         "it is sealed under another passphrase, or the file was altered");
    return 0;
}
