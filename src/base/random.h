/*
 * Randomness. Secrets (tokens, keys, salts, status indexes) always come from random_bytes, the
 * system's generator. Choices that shape a history (which items are drawn, in which order) come
 * from a struct rng, which the caller may seed so that a demonstration is reproducible.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H
#include <stddef.h>
#include <stdint.h>

void random_bytes(void *out, size_t n);
void random_uuid(char out[37]); /* RFC 9562 version 4, lower case */

struct rng {
    uint64_t s[4]; /* xoshiro256** (Blackman and Vigna 2018) */
};
void rng_seed(struct rng *r, uint64_t seed);       /* by splitmix64 */
void rng_seed_random(struct rng *r);               /* from the system's generator */
uint64_t rng_next(struct rng *r);                  /* 64 uniform bits */
uint32_t rng_below(struct rng *r, uint32_t bound); /* uniform in [0, bound), without modulo bias */
double rng_unit(struct rng *r);                    /* uniform in [0, 1) */
void rng_shuffle(struct rng *r, void *base, size_t count,
                 size_t size); /* Fisher-Yates; size <= 64 */
/* A UUID from this generator, never for secrets: RFC 9562 version 4, or version 7, which begins
 * with the time in milliseconds since 1970, so that rows in its order are those of their making. */
void rng_uuid(struct rng *r, char out[37]);
void rng_uuid_at(struct rng *r, int64_t at_ms, char out[37]);

#endif
