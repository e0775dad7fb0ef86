#include "base/random.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void random_bytes(void *out, size_t n)
{
    /* Without it, the first use would race between threads; done once, it costs a lock. */
    if (sodium_init() < 0)
        abort();
    randombytes_buf(out, n);
}

/* Sets version and variant (RFC 9562 §5.4) and writes the five groups. */
static void write_uuid(uint8_t b[16], int version, char out[37])
{
    static const char digits[] = "0123456789abcdef";
    b[6] = (uint8_t)((b[6] & 0x0F) | version << 4);
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    char *p = out;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = digits[b[i] >> 4];
        *p++ = digits[b[i] & 15];
    }
    *p = '\0';
}

void random_uuid(char out[37])
{
    uint8_t b[16];
    random_bytes(b, sizeof b);
    write_uuid(b, 4, out);
}

void rng_seed(struct rng *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++) { /* splitmix64, so that near seeds start far apart */
        uint64_t z = (seed += UINT64_C(0x9E3779B97F4A7C15));
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        r->s[i] = z ^ (z >> 31);
    }
}

void rng_seed_random(struct rng *r)
{
    uint64_t seed;
    random_bytes(&seed, sizeof seed);
    rng_seed(r, seed);
}

static uint64_t rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t rng_next(struct rng *r)
{
    uint64_t *s = r->s;
    uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint32_t rng_below(struct rng *r, uint32_t bound)
{
    /* Lemire 2019: the high word of a product, refusing the few low words that would be too often.
     */
    if (bound == 0)
        abort();
    uint64_t product = (rng_next(r) >> 32) * bound;
    if ((uint32_t)product < bound) {
        uint32_t refuse = (0u - bound) % bound;
        while ((uint32_t)product < refuse)
            product = (rng_next(r) >> 32) * bound;
    }
    return (uint32_t)(product >> 32);
}

double rng_unit(struct rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1p-53;
}

void rng_shuffle(struct rng *r, void *base, size_t count, size_t size)
{
    unsigned char hold[64], *p = base;
    if (size > sizeof hold || count > UINT32_MAX)
        abort();
    for (size_t i = count; i > 1; i--) {
        size_t j = rng_below(r, (uint32_t)i);
        memcpy(hold, p + (i - 1) * size, size);
        memmove(p + (i - 1) * size, p + j * size, size);
        memcpy(p + j * size, hold, size);
    }
}

static void fill(struct rng *r, uint8_t b[16])
{
    uint64_t words[2] = {rng_next(r), rng_next(r)};
    for (int i = 0; i < 16; i++) /* least significant byte first, whatever the machine */
        b[i] = (uint8_t)(words[i / 8] >> (8 * (i % 8)));
}

void rng_uuid(struct rng *r, char out[37])
{
    uint8_t b[16];
    fill(r, b);
    write_uuid(b, 4, out);
}

void rng_uuid_at(struct rng *r, int64_t at_ms, char out[37])
{
    uint8_t b[16];
    fill(r, b);
    for (int i = 0; i < 6; i++)
        b[i] = (uint8_t)((uint64_t)at_ms >> (8 * (5 - i)));
    write_uuid(b, 7, out);
}
