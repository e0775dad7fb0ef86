/*
 * Every range that occurs begins at a multiple of the power of two at or above its length, so it is
 * complete nodes of falling size from the left, folded from the right. The recursive definitions of
 * the RFCs are walked from the root down; proofs are listed from the leaf up, so they are turned.
 */
#include "credential/merkle.h"
#include <string.h>

struct merkle_hash merkle_leaf(const uint8_t data[HASH_BYTES])
{
    uint8_t bytes[1 + HASH_BYTES] = {0};
    struct merkle_hash out;
    memcpy(bytes + 1, data, HASH_BYTES);
    hash_sha256(bytes, sizeof bytes, out.bytes);
    return out;
}

struct merkle_hash merkle_node(const struct merkle_hash *left, const struct merkle_hash *right)
{
    uint8_t bytes[1 + 2 * HASH_BYTES] = {1};
    struct merkle_hash out;
    memcpy(bytes + 1, left->bytes, HASH_BYTES);
    memcpy(bytes + 1 + HASH_BYTES, right->bytes, HASH_BYTES);
    hash_sha256(bytes, sizeof bytes, out.bytes);
    return out;
}

bool merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

static int highest_bit(int64_t n) /* n > 0 */
{
    return 63 - __builtin_clzll((unsigned long long)n);
}

/* The largest power of two below n (n > 1). */
static int64_t split(int64_t n)
{
    return INT64_C(1) << highest_bit(n - 1);
}

/* The root over the n > 0 leaves from `start` on. */
static int range(const struct merkle_nodes *nodes, int64_t start, int64_t n,
                 struct merkle_hash *out, struct error *e)
{
    struct merkle_hash parts[MERKLE_LEVELS];
    size_t count = 0;
    while (n > 0) {
        int level = highest_bit(n);
        if (nodes->read(nodes->from, level, start >> level, &parts[count], e))
            return -1;
        count++;
        start += INT64_C(1) << level;
        n -= INT64_C(1) << level;
    }
    *out = parts[--count];
    while (count > 0)
        *out = merkle_node(&parts[--count], out);
    return 0;
}

static bool is_size(int64_t size)
{
    return size >= 0 && size <= MERKLE_SIZE_MAX;
}

int merkle_root(const struct merkle_nodes *nodes, int64_t size, struct merkle_hash *out,
                struct error *e)
{
    if (!is_size(size))
        return error_set(e, ERROR_INTERNAL, "a tree has no size %lld", (long long)size);
    if (size > 0)
        return range(nodes, 0, size, out, e);
    hash_sha256("", 0, out->bytes);
    return 0;
}

static void turn(struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->count / 2; i++) {
        struct merkle_hash other = proof->hashes[proof->count - 1 - i];
        proof->hashes[proof->count - 1 - i] = proof->hashes[i];
        proof->hashes[i] = other;
    }
}

static int add_range(const struct merkle_nodes *nodes, int64_t start, int64_t n,
                     struct merkle_proof *out, struct error *e)
{
    return range(nodes, start, n, &out->hashes[out->count++], e);
}

int merkle_inclusion(const struct merkle_nodes *nodes, int64_t index, int64_t size,
                     struct merkle_proof *out, struct error *e)
{
    out->count = 0;
    if (!is_size(size) || index < 0 || index >= size)
        return error_set(e, ERROR_INTERNAL, "no leaf %lld in a tree of %lld", (long long)index,
                         (long long)size);
    int64_t start = 0, n = size;
    while (n > 1) {
        int64_t k = split(n);
        bool left = index - start < k;
        if (add_range(nodes, left ? start + k : start, left ? n - k : k, out, e))
            return -1;
        start += left ? 0 : k;
        n = left ? k : n - k;
    }
    turn(out);
    return 0;
}

int merkle_consistency(const struct merkle_nodes *nodes, int64_t from, int64_t to,
                       struct merkle_proof *out, struct error *e)
{
    out->count = 0;
    if (!is_size(to) || from < 1 || from > to)
        return error_set(e, ERROR_INTERNAL, "no proof from size %lld to %lld", (long long)from,
                         (long long)to);
    int64_t start = 0, n = to, m = from;
    bool known = true; /* the range is the old tree itself, whose root the reader has */
    while (m < n) {
        int64_t k = split(n);
        bool left = m <= k;
        if (add_range(nodes, left ? start + k : start, left ? n - k : k, out, e))
            return -1;
        if (!left) {
            start += k;
            m -= k;
            known = false;
        }
        n = left ? k : n - k;
    }
    if (!known && add_range(nodes, start, n, out, e))
        return -1;
    turn(out);
    return 0;
}

bool merkle_inclusion_holds(const struct merkle_hash *leaf, int64_t index, int64_t size,
                            const struct merkle_hash *proof, size_t count,
                            const struct merkle_hash *root)
{
    if (!is_size(size) || index < 0 || index >= size)
        return false;
    int64_t at = index, last = size - 1;
    struct merkle_hash hash = *leaf;
    for (size_t i = 0; i < count; i++) {
        if (last == 0)
            return false;
        if ((at & 1) || at == last) {
            hash = merkle_node(&proof[i], &hash);
            while (!(at & 1) && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = merkle_node(&hash, &proof[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && merkle_equal(&hash, root);
}

bool merkle_consistency_holds(int64_t from, const struct merkle_hash *from_root, int64_t to,
                              const struct merkle_hash *to_root, const struct merkle_hash *proof,
                              size_t count)
{
    if (!is_size(to) || from < 1 || from > to)
        return false;
    if (from == to)
        return count == 0 && merkle_equal(from_root, to_root);
    bool whole = (from & (from - 1)) == 0; /* a complete node: the old root begins the proof */
    if (!whole && count == 0)
        return false;
    struct merkle_hash old = whole ? *from_root : proof[0], new = old;
    int64_t at = from - 1, last = to - 1;
    while (at & 1) {
        at >>= 1;
        last >>= 1;
    }
    for (size_t i = whole ? 0 : 1; i < count; i++) {
        if (last == 0)
            return false;
        if ((at & 1) || at == last) {
            old = merkle_node(&proof[i], &old);
            new = merkle_node(&proof[i], &new);
            while (!(at & 1) && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new = merkle_node(&new, &proof[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && merkle_equal(&old, from_root) && merkle_equal(&new, to_root);
}

int merkle_edge_load(const struct merkle_nodes *nodes, int64_t size, struct merkle_edge *out,
                     struct error *e)
{
    memset(out, 0, sizeof *out);
    if (!is_size(size))
        return error_set(e, ERROR_INTERNAL, "a tree has no size %lld", (long long)size);
    int64_t start = 0;
    for (int level = MERKLE_LEVELS - 1; level >= 0; level--) {
        if (!(size >> level & 1))
            continue;
        if (nodes->read(nodes->from, level, start >> level, &out->peaks[level], e))
            return -1;
        start += INT64_C(1) << level;
    }
    out->size = size;
    return 0;
}

void merkle_edge_append(struct merkle_edge *edge, const struct merkle_hash *leaf,
                        merkle_completed *completed, void *arg)
{
    struct merkle_hash hash = *leaf;
    int64_t index = edge->size;
    int level = 0;
    if (completed)
        completed(arg, 0, index, &hash);
    for (; index & 1; index >>= 1) {
        hash = merkle_node(&edge->peaks[level++], &hash);
        if (completed)
            completed(arg, level, index >> 1, &hash);
    }
    edge->peaks[level] = hash;
    edge->size++;
}

struct merkle_hash merkle_edge_root(const struct merkle_edge *edge)
{
    struct merkle_hash root;
    bool any = false;
    hash_sha256("", 0, root.bytes);
    for (int level = 0; level < MERKLE_LEVELS; level++) {
        if (!(edge->size >> level & 1))
            continue;
        root = any ? merkle_node(&edge->peaks[level], &root) : edge->peaks[level];
        any = true;
    }
    return root;
}
