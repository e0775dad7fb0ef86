#include "credential/claims.h"
#include "base/json.h"
#include "base/text.h"
#include "credential/shape.h"
#include "credential/status_list.h"
#include "credential/terms.h"
#include <stddef.h>
#include <string.h>

#define LINE_MAX_BYTES  1000
#define BLOCK_MAX_BYTES 16000

enum claim_check { IS_UUID, IS_LINE, IS_BLOCK, IS_PATH, IS_LANGUAGE };

/* Every claim that is text, and what it must be. */
static const struct {
    const char *name;
    size_t offset;
    enum claim_check check;
} claim_texts[] = {
    {"certificate_uuid", offsetof(struct claims, certificate_uuid), IS_UUID},
    {"subject_uuid", offsetof(struct claims, subject_uuid), IS_UUID},
    {"title", offsetof(struct claims, title), IS_LINE},
    {"course", offsetof(struct claims, course), IS_PATH},
    {"publication_hash", offsetof(struct claims, publication_hash), IS_PATH},
    {"course_title", offsetof(struct claims, course_title), IS_LINE},
    {"description", offsetof(struct claims, description), IS_BLOCK},
    {"version", offsetof(struct claims, version), IS_LINE},
    {"language", offsetof(struct claims, language), IS_LANGUAGE},
    {"criteria", offsetof(struct claims, criteria), IS_BLOCK},
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"

static const char *refused(const char *s, enum claim_check check)
{
    size_t length = s ? strlen(s) : 0;
    if (length == 0)
        return "is empty";
    switch (check) {
    case IS_UUID:
        return shape_is_uuid(s) ? NULL : "is not a UUID in lower case";
    case IS_LINE:
        if (length > LINE_MAX_BYTES)
            return "is longer than 1000 bytes";
        return shape_is_line(s) ? NULL : "is not one line of text without control characters";
    case IS_BLOCK:
        if (length > BLOCK_MAX_BYTES)
            return "is longer than 16000 bytes";
        return shape_is_block(s) ? NULL : "holds a control character other than a newline";
    case IS_PATH:
        return length <= 128 && strspn(s, LETTERS DIGITS "-._~") == length
                   ? NULL
                   : "cannot stand in an address";
    case IS_LANGUAGE:
        return length <= 35 && strspn(s, LETTERS DIGITS "-") == length
                   ? NULL
                   : "is not a language tag (BCP 47)";
    }
    return NULL;
}

bool claims_time_can_be_written(instant at)
{
    return at >= 0 && at < (instant)253370764800 * INSTANT_SECOND; /* 9999-01-01 */
}

int claims_check(const struct claims *c, struct error *e)
{
    for (size_t i = 0; i < sizeof claim_texts / sizeof claim_texts[0]; i++) {
        const char *s;
        memcpy(&s, (const char *)c + claim_texts[i].offset, sizeof s);
        const char *why = refused(s, claim_texts[i].check);
        if (why)
            return error_field(e, claim_texts[i].name,
                               "The certificate cannot be signed: its %s %s", claim_texts[i].name,
                               why);
    }
    if (c->checkpoint && (refused(c->checkpoint, IS_BLOCK) || c->checkpoint_size < 0))
        return error_field(e, "checkpoint",
                           "The certificate cannot be signed: its checkpoint is "
                           "not a signed note");
    if (!claims_time_can_be_written(c->earned_at) || !claims_time_can_be_written(c->issued_at) ||
        !claims_time_can_be_written(c->valid_until))
        return error_field(e, "issued_at",
                           "The certificate cannot be signed: a date is out of range");
    if (c->status_list < 0 || c->status_index < 0 ||
        c->status_index >= (int64_t)STATUS_LIST_MAX_BYTES * 8)
        return error_field(e, "status_index",
                           "The certificate cannot be signed: it has no place in a status list");
    return certificate_name_check(c->holder_name, e);
}

static void put_types(cJSON *object, enum node in)
{
    cJSON *list = json_array(object, "type");
    for (size_t i = 0; i < node_types_count; i++)
        if (node_types[i].in == in)
            cJSON_AddItemToArray(list, cJSON_CreateString(node_types[i].name));
}

static void put_time(cJSON *object, const char *member, instant at)
{
    char text[21];
    instant_rfc3339(at, text);
    json_put(object, member, text);
}

static void put_subject(cJSON *document, const struct issuer_identity *i, const struct claims *c,
                        struct arena *a)
{
    cJSON *subject = json_object(document, "credentialSubject");
    json_putf(subject, "id", "urn:uuid:%s", c->subject_uuid);
    put_types(subject, NODE_SUBJECT);
    cJSON *identity = json_item(json_array(subject, "identifier"));
    json_put(identity, "type", "IdentityObject");
    json_put(identity, "identityHash", c->holder_name);
    json_put(identity, "identityType", "ext:name");
    json_put_bool(identity, "hashed", false);
    put_time(subject, "activityEndDate", c->earned_at);

    const char *page =
        arena_printf(a, "%s/courses/%s/v%s", i->origin, c->course, c->publication_hash);
    cJSON *achievement = json_object(subject, "achievement");
    json_put(achievement, "id", page);
    put_types(achievement, NODE_ACHIEVEMENT);
    json_put(achievement, "achievementType", "CertificateOfCompletion");
    json_put(achievement, "name", c->course_title);
    json_put(achievement, "description", c->description);
    json_put(achievement, "version", c->version);
    json_put(achievement, "inLanguage", c->language);
    cJSON *criteria = json_object(achievement, "criteria");
    json_putf(criteria, "id", "%s#criteria", page);
    json_put(criteria, "narrative", c->criteria);
}

static void put_evidence(cJSON *document, const struct issuer_identity *i, const struct claims *c)
{
    cJSON *evidence = json_item(json_array(document, "evidence"));
    json_putf(evidence, "id", "%s/log/checkpoint/%lld", i->origin, (long long)c->checkpoint_size);
    put_types(evidence, NODE_EVIDENCE);
    json_put(evidence, "genre", "tlog-checkpoint");
    json_put(evidence, "narrative", c->checkpoint);
}

static void put_status(cJSON *document, const struct issuer_identity *i, const struct claims *c,
                       struct arena *a)
{
    const char *list = arena_printf(a, "%s/status/%lld", i->origin, (long long)c->status_list);
    cJSON *status = json_object(document, "credentialStatus");
    json_putf(status, "id", "%s#%lld", list, (long long)c->status_index);
    json_put(status, "type", "BitstringStatusListEntry");
    json_put(status, "statusPurpose", "revocation");
    json_putf(status, "statusListIndex", "%lld", (long long)c->status_index);
    json_put(status, "statusListCredential", list);
}

cJSON *claims_document(const struct issuer_identity *i, const struct claims *c, struct arena *a)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *context = json_array(document, "@context");
    cJSON_AddItemToArray(context, cJSON_CreateString(CONTEXT_CREDENTIALS));
    cJSON_AddItemToArray(context, cJSON_CreateString(CONTEXT_OPEN_BADGES));
    json_putf(document, "id", "%s/certificates/%s", i->origin, c->certificate_uuid);
    put_types(document, NODE_CREDENTIAL);
    json_putf(document, "name", "%s%s", i->trial ? "Demonstration: " : "", c->title);
    cJSON *issuer = json_object(document, "issuer");
    json_put(issuer, "id", i->did);
    put_types(issuer, NODE_ISSUER);
    json_put(issuer, "name", i->name);
    json_putf(issuer, "url", "%s/", i->origin);
    put_time(document, "validFrom", c->issued_at);
    if (c->valid_until)
        put_time(document, "validUntil", c->valid_until);
    put_time(document, "awardedDate", c->earned_at);
    put_subject(document, i, c, a);
    if (c->checkpoint)
        put_evidence(document, i, c);
    put_status(document, i, c, a);
    return document;
}
