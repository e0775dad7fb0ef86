/*
 * The transparency log of certificates, for anybody:
 *   GET /log                         what it is for, and how to check it
 *   GET /log/checkpoint              the last checkpoint, a signed note
 *   GET /log/checkpoint/{size}       an earlier one, for ever
 *   GET /log/proof/{hash}            that a file stands in it: {hash} is the file's SHA-256
 *   GET /log/consistency/{from}/{to} that the later checkpoint continues the earlier one
 *
 * An answer is a few reads of stored tiles, whatever the log's size.
 */
#include "base/encode.h"
#include "base/text.h"
#include "http/response.h"
#include "learning/tlog.h"
#include "pages/view.h"
#include <string.h>

#define A_MINUTE "public, max-age=60" /* as often as there can be a new checkpoint */
#define FOR_EVER "public, max-age=31536000, immutable"

static int log_page(struct request *rq, struct error *e)
{
    (void)e;
    struct tlog *t = rq->learning->tlog;
    struct tlog_checkpoint last;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Log of certificates");
    bool any = tlog_latest(t, rq->arena, &last);
    view_bool(view, "has_checkpoint", any);
    if (any) {
        char at[21];
        instant_rfc3339(last.at, at);
        view_int(view, "size", last.size);
        view_bool(view, "is_one", last.size == 1);
        view_text(view, "published", words_date(rq, last.at));
        view_text(view, "published_at", arena_strdup(rq->arena, at));
        view_text(view, "checkpoint", last.note);
    }
    size_t count;
    const struct note_key *keys = tlog_keys(t, &count);
    view_bool(view, "has_key", count > 0);
    if (count > 0) {
        view_text(view, "log_name", keys[0].name);
        view_text(view, "vkey", note_vkey(rq->arena, &keys[0]));
    }
    cJSON *earlier = view_list(view, "earlier_keys");
    for (size_t i = 1; i < count; i++)
        view_text(view_item(earlier), "vkey", note_vkey(rq->arena, &keys[i]));
    return response_page(rq, "log", view);
}

/* ---- checkpoints ---- */

static bool size_in(const struct request *rq, const char *name, int64_t *size)
{
    return text_to_int64(request_param(rq, name), 1, MERKLE_SIZE_MAX, size);
}

static int last_checkpoint(struct request *rq, struct error *e)
{
    uint8_t hash[HASH_BYTES];
    struct tlog_checkpoint last;
    if (!tlog_latest(rq->learning->tlog, rq->arena, &last))
        return error_set(e, ERROR_NOT_FOUND, "No checkpoint was published yet.");
    size_t n = strlen(last.note);
    hash_blake2b(last.note, n, hash);
    response_cache(rq, A_MINUTE);
    if (response_not_modified(rq, hex_encode(rq->arena, hash, 16)))
        return 0;
    return response_bytes(rq, "text/plain; charset=utf-8", last.note, n, NULL);
}

static int one_checkpoint(struct request *rq, struct error *e)
{
    int64_t size;
    struct tlog_checkpoint found;
    if (!size_in(rq, "size", &size))
        return error_set(e, ERROR_NOT_FOUND, "No checkpoint of this size was published.");
    struct conn *c = request_reader(rq, e);
    if (!c || tlog_checkpoint_get(c, size, rq->arena, &found, e))
        return -1;
    return response_frozen(rq, "text/plain; charset=utf-8", found.note, strlen(found.note));
}

/* ---- proofs ---- */

static void put_hashes(cJSON *out, const struct merkle_proof *proof, struct arena *a)
{
    cJSON *list = view_list(out, "hashes");
    for (size_t i = 0; i < proof->count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateStringReference(
                                       base64_encode(a, proof->hashes[i].bytes, HASH_BYTES)));
}

static int proof(struct request *rq, struct error *e)
{
    uint8_t sha256[HASH_BYTES];
    int64_t size = request_integer_or(rq, "size", 0);
    if (!hex_decode(request_param(rq, "hash"), sha256, HASH_BYTES))
        return error_set(e, ERROR_NOT_FOUND, "A SHA-256 has 64 hex digits.");
    struct conn *c = request_reader(rq, e);
    const struct tlog_inclusion *found =
        c ? tlog_inclusion_get(c, sha256, size, rq->arena, e) : NULL;
    if (!found)
        return -1;
    cJSON *out = cJSON_CreateObject();
    view_int(out, "index", found->index);
    view_int(out, "size", found->checkpoint.size);
    put_hashes(out, &found->proof, rq->arena);
    view_text(out, "checkpoint", found->checkpoint.note);
    view_text(out, "proof",
              log_proof_write(rq->arena, found->index, &found->proof, found->checkpoint.note));
    response_cache(rq, size ? FOR_EVER : A_MINUTE);
    return response_json(rq, 200, out);
}

static int consistency(struct request *rq, struct error *e)
{
    int64_t from, to;
    if (!size_in(rq, "from", &from) || !size_in(rq, "to", &to))
        return error_set(e, ERROR_NOT_FOUND, "No checkpoint of this size was published.");
    struct conn *c = request_reader(rq, e);
    const struct tlog_consistency *found =
        c ? tlog_consistency_get(c, from, to, rq->arena, e) : NULL;
    if (!found)
        return -1;
    cJSON *out = cJSON_CreateObject();
    view_int(out, "from", from);
    view_int(out, "to", to);
    put_hashes(out, &found->proof, rq->arena);
    view_text(out, "checkpoint", found->checkpoint.note);
    view_text(out, "proof",
              log_consistency_write(rq->arena, from, &found->proof, found->checkpoint.note));
    response_cache(rq, FOR_EVER);
    return response_json(rq, 200, out);
}

static const struct field proof_fields[] = {
    {.name = "size",
     .type = FIELD_INTEGER,
     .low = 1,
     .high = MERKLE_SIZE_MAX,
     .summary = "Under the checkpoint of this size; without it, the last one"},
};

const struct route log_routes[] = {
    {METHOD_GET, "/log", log_page, .who = ACCESS_PUBLIC,
     .summary = "The log of certificates: what it is for, its last checkpoint, its key"},
    {METHOD_GET, "/log/checkpoint", last_checkpoint, .who = ACCESS_PUBLIC, .flags = ROUTE_CORS,
     .summary = "The log's last checkpoint (C2SP signed note)"},
    {METHOD_GET, "/log/checkpoint/{size}", one_checkpoint, .who = ACCESS_PUBLIC,
     .flags = ROUTE_CORS, .summary = "The checkpoint of a size, as it was published"},
    {METHOD_GET, "/log/proof/{hash}", proof, .who = ACCESS_PUBLIC, .fields = proof_fields,
     .field_count = 1, .flags = ROUTE_CORS,
     .summary = "That the file with this SHA-256 stands in the log (RFC 6962 inclusion proof)"},
    {METHOD_GET, "/log/consistency/{from}/{to}", consistency, .who = ACCESS_PUBLIC,
     .flags = ROUTE_CORS,
     .summary = "That a later checkpoint continues an earlier one (RFC 6962 consistency proof)"},
    {0},
};
