#include "pages/allowance.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 1024 /* an older name in the same slot is forgotten */

struct slot {
    uint8_t who[16];
    instant since;
    int count;
};

struct allowance {
    int max;
    instant window;
    pthread_mutex_t mutex;
    uint8_t salt[32]; /* places in the table cannot be aimed at, and names are not kept */
    struct slot slots[SLOTS];
};

struct allowance *allowance_create(int max, instant window)
{
    struct allowance *a = memory_array(1, sizeof *a);
    a->max = max;
    a->window = window;
    pthread_mutex_init(&a->mutex, NULL);
    random_bytes(a->salt, sizeof a->salt);
    return a;
}

void allowance_free(struct allowance *a)
{
    if (!a)
        return;
    pthread_mutex_destroy(&a->mutex);
    free(a);
}

bool allowance_take(struct allowance *a, const char *name, instant at)
{
    uint8_t hash[HASH_BYTES];
    hash_keyed(a->salt, name, strlen(name), hash);
    struct slot *s = &a->slots[(hash[16] | (unsigned)hash[17] << 8) % SLOTS];
    pthread_mutex_lock(&a->mutex);
    if (memcmp(s->who, hash, sizeof s->who) != 0 || s->since + a->window <= at) {
        memcpy(s->who, hash, sizeof s->who);
        s->since = at;
        s->count = 0;
    }
    bool allowed = s->count < a->max;
    s->count += allowed;
    pthread_mutex_unlock(&a->mutex);
    return allowed;
}

bool allowance_take_address(struct allowance *a, const char *address, instant at)
{
    struct in6_addr parts;
    char network[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, address, &parts) == 1 && !IN6_IS_ADDR_V4MAPPED(&parts)) {
        memset(&parts.s6_addr[8], 0, 8);
        if (inet_ntop(AF_INET6, &parts, network, sizeof network))
            address = network;
    }
    return allowance_take(a, address, at);
}
