/*
 * The transparency log's mathematics and its signed notes. Roots and proofs are compared with
 * merkle_vectors.py, which computes them from the definitions of RFC 6962; the key and the note of
 * the first test are the published example of the note format.
 */
#include "base/arena.h"
#include "base/encode.h"
#include "base/text.h"
#include "credential/merkle.h"
#include "credential/note.h"
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEAVES 1000

static struct arena *arena;
static struct merkle_hash leaves[LEAVES];

static void leaf_data(int i, uint8_t out[HASH_BYTES])
{
    char text[32];
    snprintf(text, sizeof text, "leaf %d", i);
    hash_sha256(text, strlen(text), out);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    for (int i = 0; i < LEAVES; i++) {
        uint8_t data[HASH_BYTES];
        leaf_data(i, data);
        leaves[i] = merkle_leaf(data);
    }
    return sodium_init() < 0 ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Every node from its leaves: what the tree's keeper looks up. */
static int read_node(void *from, int level, int64_t index, struct merkle_hash *out, struct error *e)
{
    (void)from;
    if ((index + 1) << level > LEAVES)
        return error_set(e, ERROR_NOT_FOUND, "no node %d %lld", level, (long long)index);
    if (level == 0) {
        *out = leaves[index];
        return 0;
    }
    struct merkle_hash left, right;
    if (read_node(from, level - 1, 2 * index, &left, e) ||
        read_node(from, level - 1, 2 * index + 1, &right, e))
        return -1;
    *out = merkle_node(&left, &right);
    return 0;
}

static const struct merkle_nodes nodes = {.read = read_node};

static struct merkle_hash root_of(int64_t size)
{
    struct error e = {0};
    struct merkle_hash root;
    assert_int_equal(merkle_root(&nodes, size, &root, &e), 0);
    return root;
}

/* The rest of a line of vectors equals the proof. */
static void same_hashes(char *rest, const struct merkle_proof *proof)
{
    size_t i = 0;
    char *position = NULL;
    for (char *word = strtok_r(rest, " \n", &position); word;
         word = strtok_r(NULL, " \n", &position), i++) {
        uint8_t expected[HASH_BYTES];
        assert_true(i < proof->count);
        assert_true(hex_decode(word, expected, HASH_BYTES));
        assert_memory_equal(proof->hashes[i].bytes, expected, HASH_BYTES);
    }
    assert_int_equal(i, proof->count);
}

static void check_inclusion(int64_t index, int64_t size, char *rest)
{
    struct error e = {0};
    struct merkle_proof proof;
    struct merkle_hash root = root_of(size), *h = proof.hashes;
    assert_int_equal(merkle_inclusion(&nodes, index, size, &proof, &e), 0);
    same_hashes(rest, &proof);
    assert_true(merkle_inclusion_holds(&leaves[index], index, size, h, proof.count, &root));
    const struct merkle_hash *other = &leaves[(index + 1) % LEAVES];
    assert_false(merkle_inclusion_holds(other, index, size, h, proof.count, &root));
    for (int64_t i = -1; i <= size; i++)
        if (i != index)
            assert_false(merkle_inclusion_holds(&leaves[index], i, size, h, proof.count, &root));
    if (proof.count > 0)
        assert_false(
            merkle_inclusion_holds(&leaves[index], index, size, h, proof.count - 1, &root));
    for (size_t i = 0; i < proof.count; i++) {
        h[i].bytes[31] ^= 1;
        assert_false(merkle_inclusion_holds(&leaves[index], index, size, h, proof.count, &root));
        h[i].bytes[31] ^= 1;
    }
    h[proof.count] = root;
    assert_false(merkle_inclusion_holds(&leaves[index], index, size, h, proof.count + 1, &root));
}

static void check_consistency(int64_t from, int64_t to, char *rest)
{
    struct error e = {0};
    struct merkle_proof proof;
    struct merkle_hash old = root_of(from), new = root_of(to), *h = proof.hashes;
    assert_int_equal(merkle_consistency(&nodes, from, to, &proof, &e), 0);
    same_hashes(rest, &proof);
    assert_true(merkle_consistency_holds(from, &old, to, &new, h, proof.count));
    for (size_t i = 0; i < proof.count; i++) {
        h[i].bytes[0] ^= 1;
        assert_false(merkle_consistency_holds(from, &old, to, &new, h, proof.count));
        h[i].bytes[0] ^= 1;
    }
    if (proof.count > 0) {
        assert_false(merkle_consistency_holds(from, &old, to, &new, h, proof.count - 1));
        assert_false(merkle_consistency_holds(from, &new, to, &old, h, proof.count));
    }
    h[proof.count] = new;
    assert_false(merkle_consistency_holds(from, &old, to, &new, h, proof.count + 1));
    assert_false(merkle_consistency_holds(0, &old, to, &new, h, proof.count));
    old.bytes[5] ^= 1;
    assert_false(merkle_consistency_holds(from, &old, to, &new, h, proof.count));
}

static void check_root(int64_t size, const char *hex)
{
    uint8_t expected[HASH_BYTES];
    struct merkle_hash root = root_of(size);
    struct merkle_edge edge = {0};
    assert_true(hex_decode(hex, expected, HASH_BYTES));
    assert_memory_equal(root.bytes, expected, HASH_BYTES);
    for (int64_t i = 0; i < size; i++)
        merkle_edge_append(&edge, &leaves[i], NULL, NULL);
    root = merkle_edge_root(&edge);
    assert_memory_equal(root.bytes, expected, HASH_BYTES);
}

static void roots_and_proofs_are_those_of_the_rfc(void **state)
{
    (void)state;
    FILE *vectors = popen("python3 " SOURCE_DIR "/tests/unit/merkle_vectors.py", "r");
    char line[4096], kind[16];
    long long a, b;
    int counts[3] = {0}, used;
    assert_non_null(vectors);
    while (fgets(line, sizeof line, vectors)) {
        char *newline = strchr(line, '\n');
        assert_non_null(newline);
        *newline = '\0';
        if (sscanf(line, "root %lld %n", &a, &used) == 1) {
            check_root(a, line + used);
            counts[0]++;
        } else {
            assert_int_equal(sscanf(line, "%15s %lld %lld%n", kind, &a, &b, &used), 3);
            bool inclusion = strcmp(kind, "inclusion") == 0;
            (inclusion ? check_inclusion : check_consistency)(a, b, line + used);
            counts[inclusion ? 1 : 2]++;
        }
    }
    assert_int_equal(pclose(vectors), 0);
    assert_true(counts[0] == 39 && counts[1] > 500 && counts[2] > 500);
}

struct seen {
    int count[MERKLE_LEVELS];
};

static void see(void *arg, int level, int64_t index, const struct merkle_hash *hash)
{
    struct seen *seen = arg;
    struct merkle_hash expected;
    assert_int_equal(index, seen->count[level]++);
    assert_int_equal(read_node(NULL, level, index, &expected, NULL), 0);
    assert_true(merkle_equal(hash, &expected));
}

static void a_growing_tree_tells_every_node_once_and_goes_on_from_any_size(void **state)
{
    (void)state;
    struct seen seen = {{0}};
    struct merkle_edge edge = {0};
    for (int i = 0; i < 300; i++) {
        struct error e = {0};
        struct merkle_edge again;
        merkle_edge_append(&edge, &leaves[i], see, &seen);
        assert_int_equal(merkle_edge_load(&nodes, edge.size, &again, &e), 0);
        struct merkle_hash one = merkle_edge_root(&edge), two = merkle_edge_root(&again);
        assert_true(merkle_equal(&one, &two));
    }
    for (int level = 0; level < 9; level++)
        assert_int_equal(seen.count[level], 300 >> level);
}

static void what_is_not_in_a_tree_has_no_proof(void **state)
{
    (void)state;
    struct error e = {0};
    struct merkle_proof proof;
    struct merkle_hash root;
    assert_int_equal(merkle_inclusion(&nodes, 5, 5, &proof, &e), -1);
    assert_int_equal(merkle_inclusion(&nodes, -1, 5, &proof, &e), -1);
    assert_int_equal(merkle_consistency(&nodes, 0, 5, &proof, &e), -1);
    assert_int_equal(merkle_consistency(&nodes, 6, 5, &proof, &e), -1);
    assert_int_equal(merkle_root(&nodes, -1, &root, &e), -1);
    assert_int_equal(merkle_root(&nodes, MERKLE_SIZE_MAX + 1, &root, &e), -1);
    e = (struct error){0};
    assert_int_equal(merkle_inclusion(&nodes, 5, LEAVES + 8, &proof, &e), -1);
    assert_int_equal(e.kind, ERROR_NOT_FOUND); /* the keeper's answer */
}

static void the_published_example_of_a_key_is_read_and_written(void **state)
{
    (void)state;
    static const char vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    static const char text[] = "If you think cryptography is the answer to your problem,\n"
                               "then you don't know what your problem is.\n";
    static const char signature[] = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZS"
                                    "NXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    struct error e = {0};
    struct note_key key;
    size_t n = 0;
    assert_int_equal(note_vkey_read(vkey, &key, &e), 0);
    assert_string_equal(key.name, "PeterNeumann");
    assert_string_equal(note_vkey(arena, &key), vkey);
    const uint8_t *bytes = base64_decode(arena, signature, strlen(signature), &n);
    assert_int_equal(n, 68);
    assert_memory_equal(bytes, "\xc7\x4f\x20\xa3", 4);
    assert_int_equal(
        crypto_sign_verify_detached(bytes + 4, (const uint8_t *)text, strlen(text), key.public_key),
        0);
    static const char *const bad[] = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", /* key id */
        "PeterNeumenn+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", /* name */
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", /* type */
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(note_vkey_read(bad[i], &key, &e), -1);
}

struct signer {
    struct note_key key;
    uint8_t secret[NOTE_SECRET];
};

static struct signer make_signer(const char *name, uint8_t seed)
{
    struct signer s;
    uint8_t bytes[crypto_sign_SEEDBYTES] = {seed};
    memset(&s, 0, sizeof s);
    strcpy(s.key.name, name);
    crypto_sign_seed_keypair(s.key.public_key, s.secret, bytes);
    return s;
}

static const char *replaced(const char *text, const char *what, const char *with)
{
    const char *at = strstr(text, what);
    assert_non_null(at);
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, with, at + strlen(what));
}

static int opens(const char *note, const struct note_key *key, struct checkpoint *says)
{
    struct error e = {0};
    int result = checkpoint_open(note, strlen(note), key, arena, says, &e);
    assert_int_equal(result, e.kind == ERROR_NONE ? 0 : -1);
    return (int)e.kind;
}

static void a_checkpoint_is_read_as_it_was_signed(void **state)
{
    (void)state;
    struct signer log = make_signer("train.example.edu/log", 1);
    struct signer other = make_signer("train.example.edu/log", 2);
    struct signer elsewhere = make_signer("train.example.org/log", 1);
    struct merkle_hash root = root_of(1000);
    struct checkpoint says;
    const char *note = checkpoint_sign(arena, &log.key, log.secret, 1000, &root);
    assert_true(text_starts(note, "train.example.edu/log\n1000\n"));
    assert_int_equal(opens(note, &log.key, &says), ERROR_NONE);
    assert_int_equal(says.size, 1000);
    assert_true(merkle_equal(&says.root, &root));
    assert_string_equal(says.origin, "train.example.edu/log");
    assert_int_equal(opens(note, &other.key, &says), ERROR_FORBIDDEN);
    assert_int_equal(opens(note, &elsewhere.key, &says), ERROR_FORBIDDEN);
    assert_int_equal(opens(replaced(note, "\n1000\n", "\n1001\n"), &log.key, &says),
                     ERROR_FORBIDDEN);
    /* A witness's line beside ours is passed over; ours, spoilt, refuses the note. */
    const char *theirs = checkpoint_sign(arena, &elsewhere.key, elsewhere.secret, 1000, &root);
    const char *line = strstr(theirs, "\n\n") + 2;
    assert_int_equal(opens(arena_printf(arena, "%s%s", note, line), &log.key, &says), ERROR_NONE);
    const char *ours = strstr(note, "\n\n") + 2;
    const char *spoilt =
        arena_printf(arena, "%.*sA%s", (int)strlen(ours) - 10, ours, ours + strlen(ours) - 9);
    if (strcmp(spoilt, ours) == 0)
        spoilt =
            arena_printf(arena, "%.*sB%s", (int)strlen(ours) - 10, ours, ours + strlen(ours) - 9);
    assert_int_equal(opens(arena_printf(arena, "%s%s", note, spoilt), &log.key, &says),
                     ERROR_FORBIDDEN);
}

static void there_is_one_way_to_write_a_checkpoint(void **state)
{
    (void)state;
    struct signer log = make_signer("train.example.edu/log", 1);
    struct merkle_hash root = root_of(1000);
    struct checkpoint says;
    const char *note = checkpoint_sign(arena, &log.key, log.secret, 1000, &root);
    const char *line = strstr(note, "\n\n") + 2, *many = note;
    for (int i = 0; i < 15; i++)
        many = arena_printf(arena, "%s%s", many, line);
    assert_int_equal(opens(many, &log.key, &says), ERROR_NONE); /* 16 signatures */
    const char *const bad[] = {
        "",
        "\n",
        replaced(note, "train.example.edu/log\n1000", "\n1000"),
        replaced(note, "\n1000\n", "\n01000\n"),
        replaced(note, "\n1000\n", "\n+1000\n"),
        replaced(note, "\n1000\n", "\n-1\n"),
        replaced(note, "\n1000\n", "\n-0\n"),
        replaced(note, "\n1000\n", "\n1000 \n"),
        replaced(note, "\n1000\n", "\n\n"),
        replaced(note, "\n1000\n", "\n99999999999999999999\n"),
        replaced(note, "\n1000\n", "\n140737488355329\n"), /* over MERKLE_SIZE_MAX */
        replaced(note, "\n1000\n", "\n1000\nA"),
        replaced(note, "=\n\n", "\n\n"),
        replaced(note, "=\n\n", "=\nan extension\n\n"),
        replaced(note, "=\n\n", "=\n"),
        replaced(note, "=\n\n", "=\r\n\r\n"),
        replaced(note, "\n\n\xe2\x80\x94 ", "\n\n- "),
        replaced(note, "\n\n\xe2\x80\x94 ", "\n\n\xe2\x80\x94  "),
        arena_strndup(arena, note, strlen(note) - 1),
        arena_printf(arena, "%s\n", note),
        arena_printf(arena, "%s%s", many, line),
        arena_strndup(arena, note, (size_t)(line - note)),
        replaced(note, "train.example.edu/log\n1000", "train.example\xff/log\n1000"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(opens(bad[i], &log.key, &says), ERROR_INVALID);
}

static void a_proof_is_for_one_file_and_one_checkpoint(void **state)
{
    (void)state;
    struct signer log = make_signer("train.example.edu/log", 1), other = make_signer("other", 1);
    struct merkle_proof proof;
    struct merkle_hash root = root_of(1000);
    struct error e = {0};
    struct checkpoint says;
    struct log_proof read;
    uint8_t data[HASH_BYTES], wrong[HASH_BYTES];
    leaf_data(637, data);
    leaf_data(638, wrong);
    assert_int_equal(merkle_inclusion(&nodes, 637, 1000, &proof, &e), 0);
    const char *note = checkpoint_sign(arena, &log.key, log.secret, 1000, &root);
    const char *text = log_proof_write(arena, 637, &proof, note);
    assert_true(text_starts(text, "c2sp.org/tlog-proof@v1\nindex 637\n"));
    assert_int_equal(log_proof_check(text, strlen(text), data, &log.key, arena, &says, &e), 0);
    assert_int_equal(says.size, 1000);
    assert_int_equal(log_proof_read(text, strlen(text), arena, &read, &e), 0);
    assert_int_equal(read.index, 637);
    assert_int_equal(read.proof.count, proof.count);
    assert_string_equal(read.note, note);

    assert_int_equal(log_proof_check(text, strlen(text), wrong, &log.key, arena, &says, &e), -1);
    assert_int_equal(e.kind, ERROR_INVALID);
    assert_int_equal(log_proof_check(text, strlen(text), data, &other.key, arena, &says, &e), -1);
    assert_int_equal(e.kind, ERROR_FORBIDDEN);
    text = replaced(text, "index 637", "index 636");
    assert_int_equal(log_proof_check(text, strlen(text), data, &log.key, arena, &says, &e), -1);
    const char *const bad[] = {
        note,
        replaced(text, "@v1", "@v2"),
        replaced(text, "index 636", "index 0636"),
        replaced(text, "index 636\n", ""),
        replaced(text, "index 636\n", "index 636\nAAAA\n"),
        arena_strndup(arena, text, strlen(text) - strlen(note)),
        arena_strndup(arena, text, 60),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(log_proof_read(bad[i], strlen(bad[i]), arena, &read, &e), -1);
}

static void a_proof_of_continuing_is_written_as_a_witness_wants_it(void **state)
{
    (void)state;
    struct signer log = make_signer("train.example.edu/log", 1);
    struct merkle_proof proof;
    struct merkle_hash root = root_of(1000);
    struct error e = {0};
    struct log_consistency read;
    assert_int_equal(merkle_consistency(&nodes, 637, 1000, &proof, &e), 0);
    const char *note = checkpoint_sign(arena, &log.key, log.secret, 1000, &root);
    const char *text = log_consistency_write(arena, 637, &proof, note);
    assert_true(text_starts(text, "old 637\n"));
    assert_int_equal(log_consistency_read(text, strlen(text), arena, &read, &e), 0);
    assert_int_equal(read.old, 637);
    assert_int_equal(read.proof.count, proof.count);
    assert_memory_equal(read.proof.hashes, proof.hashes, proof.count * sizeof *proof.hashes);
    assert_string_equal(read.note, note);
    const char *hash = strchr(text, '\n') + 1, *many = "old 637\n";
    for (int i = 0; i <= MERKLE_PROOF_MAX; i++)
        many = arena_printf(arena, "%s%.45s", many, hash);
    const char *const bad[] = {
        "",
        "old 637\n",
        note,
        log_proof_write(arena, 637, &proof, note),
        replaced(text, "old 637", "new 637"),
        replaced(text, "old 637", "old 0637"),
        replaced(text, "old 637", "old -1"),
        replaced(text, "old 637", "old 637 "),
        replaced(text, "old 637", "old"),
        replaced(text, "old 637\n", "old 637\nAAAA\n"),
        arena_printf(arena, "%s\n%s", many, note), /* a hash too many */
        arena_strndup(arena, text, strlen(text) - strlen(note)),
        arena_strndup(arena, text, strlen(text) - 1),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(log_consistency_read(bad[i], strlen(bad[i]), arena, &read, &e), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_and_proofs_are_those_of_the_rfc),
        cmocka_unit_test(a_growing_tree_tells_every_node_once_and_goes_on_from_any_size),
        cmocka_unit_test(what_is_not_in_a_tree_has_no_proof),
        cmocka_unit_test(the_published_example_of_a_key_is_read_and_written),
        cmocka_unit_test(a_checkpoint_is_read_as_it_was_signed),
        cmocka_unit_test(there_is_one_way_to_write_a_checkpoint),
        cmocka_unit_test(a_proof_is_for_one_file_and_one_checkpoint),
        cmocka_unit_test(a_proof_of_continuing_is_written_as_a_witness_wants_it),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
