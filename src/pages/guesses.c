#include "pages/guesses.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 1024 /* an older address in the same slot is forgotten */

struct slot {
    uint8_t who[16];
    instant since;
    int count;
};

struct guesses {
    pthread_mutex_t mutex;
    uint8_t salt[32]; /* places in the table cannot be aimed at, and addresses are not kept */
    struct slot slots[SLOTS];
};

struct guesses *guesses_create(void)
{
    struct guesses *g = memory_array(1, sizeof *g);
    pthread_mutex_init(&g->mutex, NULL);
    random_bytes(g->salt, sizeof g->salt);
    return g;
}

void guesses_free(struct guesses *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->mutex);
    free(g);
}

bool guesses_wrong(struct guesses *g, const char *address, instant at)
{
    uint8_t hash[HASH_BYTES];
    hash_keyed(g->salt, address, strlen(address), hash);
    struct slot *s = &g->slots[(hash[16] | (unsigned)hash[17] << 8) % SLOTS];
    pthread_mutex_lock(&g->mutex);
    if (memcmp(s->who, hash, sizeof s->who) != 0 || s->since + GUESSES_WINDOW <= at) {
        memcpy(s->who, hash, sizeof s->who);
        s->since = at;
        s->count = 0;
    }
    bool allowed = s->count < GUESSES_MAX;
    s->count += allowed;
    pthread_mutex_unlock(&g->mutex);
    return allowed;
}
