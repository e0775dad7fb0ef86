#include "credential/shape.h"
#include "base/instant.h"
#include "base/json.h"
#include "base/text.h"
#include "credential/did.h"
#include <stdio.h>
#include <string.h>

#define MOST_IDENTITIES 2
#define BASE64URL       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

struct shape {
    struct arena *arena;
    struct error *e;
    const char *did;  /* the issuer's */
    const char *page; /* "https://HOST/" */
};

bool shape_is_line(const char *s)
{
    return s && *s && text_is_line(s, strlen(s));
}

bool shape_is_block(const char *s)
{
    return s && *s && text_is_block(s, strlen(s)) && !strpbrk(s, "\t\r");
}

bool shape_is_uuid(const char *s)
{
    static const char pattern[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (!s || strlen(s) != sizeof pattern - 1)
        return false;
    for (size_t i = 0; s[i]; i++)
        if (pattern[i] == '-' ? s[i] != '-' : !strchr("0123456789abcdef", s[i]))
            return false;
    return true;
}

static bool is_time(const char *s)
{
    instant at;
    return strlen(s) == 20 && s[10] == 'T' && s[19] == 'Z' && instant_parse(s, &at);
}

/* An address below https://HOST/. */
static bool is_page(const struct shape *x, const char *s)
{
    return text_starts(s, x->page) && term_is_iri(s);
}

static bool is_key_id(const struct shape *x, const char *s)
{
    uint8_t key[KEY_BYTES];
    size_t length = strlen(x->did);
    return text_starts(s, x->did) && s[length] == '#' &&
           key_from_multibase(x->arena, s + length + 1, key);
}

/* "z" with base58 or "u" with base64url; what it holds is checked where it is used. */
static bool is_multibase(const char *s)
{
    return (s[0] == 'z' || s[0] == 'u') && s[1] && strspn(s + 1, BASE64URL) == strlen(s + 1);
}

static const char *refused_value(const struct shape *x, const struct term *t, const char *s)
{
    int64_t number;
    switch (t->check) {
    case CHECK_LINE:
        return shape_is_line(s) ? NULL : "is not one line of text";
    case CHECK_BLOCK:
        return shape_is_block(s) ? NULL : "is empty or holds control characters";
    case CHECK_TIME:
        return is_time(s) ? NULL : "is not a time like 2026-07-01T17:05:09Z";
    case CHECK_DID:
        return strcmp(s, x->did) == 0 ? NULL : "is not the issuer's did";
    case CHECK_PAGE:
        return is_page(x, s) ? NULL : "is not an address under the issuer's host";
    case CHECK_UUID:
        return text_starts(s, "urn:uuid:") && shape_is_uuid(s + 9) ? NULL : "is not a urn:uuid";
    case CHECK_NUMBER:
        return text_to_int64(s, 0, INT64_MAX, &number) ? NULL : "is not a decimal number";
    case CHECK_MULTIBASE:
        return is_multibase(s) ? NULL : "is not a multibase text";
    case CHECK_KEY_ID:
        return is_key_id(x, s) ? NULL : "does not name a key of the issuer";
    case CHECK_EXACT:
        return strcmp(s, t->exact) == 0 ? NULL : "has another value than such a document has";
    case CHECK_BOOL:
    case CHECK_NONE:
        break;
    }
    return NULL;
}

static int check_node(struct shape *x, const cJSON *object, enum node in, const char *path);

static int check_context(struct shape *x, const cJSON *value, enum node in)
{
    const cJSON *first = cJSON_IsArray(value) ? value->child : NULL;
    const cJSON *second = first ? first->next : NULL;
    bool one = in == NODE_LIST_CREDENTIAL;
    bool good = cJSON_IsString(first) && strcmp(first->valuestring, CONTEXT_CREDENTIALS) == 0;
    if (one)
        good = good && !second;
    else
        good = good && cJSON_IsString(second) &&
               strcmp(second->valuestring, CONTEXT_OPEN_BADGES) == 0 && !second->next;
    if (good)
        return 0;
    return error_field(x->e, "@context", "@context is not exactly the %s",
                       one ? "credentials context" : "two contexts of such a certificate");
}

/* The types of node_types, in order, in an array or (one only) as a string. */
static int check_type(struct shape *x, const cJSON *value, const struct term *t, const char *path)
{
    bool list = t->flags & TERM_LIST, good = list == (bool)cJSON_IsArray(value);
    const cJSON *item = list && good ? value->child : value;
    for (size_t i = 0; good && i < node_types_count; i++) {
        if (node_types[i].in != t->in)
            continue;
        good = cJSON_IsString(item) && strcmp(item->valuestring, node_types[i].name) == 0;
        item = list && item ? item->next : NULL;
    }
    if (good && !item)
        return 0;
    return error_field(x->e, "type", "%stype is not what such a document has", path);
}

/* A certificate may have the other cryptosuite's proof, which holds other members. */
static enum node node_of(const cJSON *value, const struct term *t)
{
    bool jcs = t->in == NODE_CREDENTIAL && t->object == NODE_PROOF &&
               text_equal(json_string(value, "cryptosuite"), SUITE_JCS);
    return jcs ? NODE_PROOF_JCS : t->object;
}

static int check_children(struct shape *x, const cJSON *value, const struct term *t,
                          const char *path)
{
    char inner[80];
    snprintf(inner, sizeof inner, "%s%s.", path, t->member);
    if (!(t->flags & TERM_LIST))
        return check_node(x, value, node_of(value, t), inner);
    int most = t->object == NODE_IDENTITY ? MOST_IDENTITIES : 1, count = 0;
    if (!cJSON_IsArray(value) || !value->child)
        return error_field(x->e, t->member, "%s%s is not a list", path, t->member);
    for (const cJSON *item = value->child; item; item = item->next) {
        if (++count > most)
            return error_field(x->e, t->member, "%s%s has more than %d entries", path, t->member,
                               most);
        if (check_node(x, item, t->object, inner) != 0)
            return -1;
    }
    return 0;
}

static int check_member(struct shape *x, const cJSON *value, const struct term *t, const char *path)
{
    if (t->kind == TERM_CONTEXT)
        return check_context(x, value, t->in);
    if (t->kind == TERM_TYPE)
        return check_type(x, value, t, path);
    if (t->check == CHECK_NONE)
        return check_children(x, value, t, path);
    if (t->check == CHECK_BOOL) {
        if (cJSON_IsBool(value))
            return 0;
        return error_field(x->e, t->member, "%s%s is neither true nor false", path, t->member);
    }
    if (!cJSON_IsString(value))
        return error_field(x->e, t->member, "%s%s is not a text", path, t->member);
    const char *why = refused_value(x, t, value->valuestring);
    if (why)
        return error_field(x->e, t->member, "%s%s %s", path, t->member, why);
    return 0;
}

/* A foreign member's name may hold anything: it is repeated only when it is a plain word. */
static const char *printable(const char *member)
{
    size_t length = strspn(member, BASE64URL "@:.");
    return length > 0 && length <= 60 && !member[length] ? member : "a member";
}

static int check_node(struct shape *x, const cJSON *object, enum node in, const char *path)
{
    if (!cJSON_IsObject(object))
        return error_set(x->e, ERROR_INVALID, "%.*s is not an object",
                         *path ? (int)strlen(path) - 1 : 12, *path ? path : "the document");
    for (const cJSON *member = object->child; member; member = member->next) {
        const struct term *t = term_find(in, member->string);
        if (!t)
            return error_set(x->e, ERROR_INVALID,
                             "%s%s does not belong in such a document: it was added", path,
                             printable(member->string));
        if (check_member(x, member, t, path) != 0)
            return -1;
    }
    for (size_t i = 0; i < terms_count; i++)
        if (terms[i].in == in && !(terms[i].flags & TERM_OPTIONAL) &&
            !json_get(object, terms[i].member))
            return error_field(x->e, terms[i].member, "%s%s is missing", path, terms[i].member);
    return 0;
}

/* What one row alone cannot say. */

static bool is_fragment_of(const char *s, const char *page, const char *fragment)
{
    size_t length = strlen(page);
    return strncmp(s, page, length) == 0 && s[length] == '#' &&
           strcmp(s + length + 1, fragment) == 0;
}

/* A name in clear first; then perhaps a salted hash of the e-mail address. */
static int check_identities(struct shape *x, const cJSON *list)
{
    bool first = true;
    for (const cJSON *item = list->child; item; item = item->next, first = false) {
        bool name = text_equal(json_string(item, "identityType"), "ext:name");
        bool email = text_equal(json_string(item, "identityType"), "emailAddress");
        bool hashed = json_bool_or(item, "hashed", false), salt = json_get(item, "salt");
        const char *hash = json_string(item, "identityHash");
        bool good = first
                        ? name && !hashed && !salt
                        : email && hashed && salt && text_starts(hash, "sha256$") &&
                              strlen(hash) == 7 + 64 && strspn(hash + 7, "0123456789abcdef") == 64;
        if (!good)
            return error_field(
                x->e, "identifier",
                "credentialSubject.identifier is not a name as certificates have it");
    }
    return 0;
}

static int check_credential(struct shape *x, const cJSON *document)
{
    const cJSON *subject = json_get(document, "credentialSubject");
    const cJSON *achievement = json_get(subject, "achievement");
    const cJSON *status = json_get(document, "credentialStatus");
    const char *url = json_string(json_get(document, "issuer"), "url");
    if (url && strcmp(url, x->page) != 0)
        return error_field(x->e, "url", "issuer.url is not the issuer's host");
    if (!is_fragment_of(json_string(json_get(achievement, "criteria"), "id"),
                        json_string(achievement, "id"), "criteria"))
        return error_field(x->e, "criteria", "the criteria are not the achievement's own");
    if (!is_fragment_of(json_string(status, "id"), json_string(status, "statusListCredential"),
                        json_string(status, "statusListIndex")))
        return error_field(x->e, "credentialStatus",
                           "credentialStatus.id does not match its list and index");
    return check_identities(x, json_get(subject, "identifier"));
}

static int check_list(struct shape *x, const cJSON *document)
{
    const cJSON *list = json_get(document, "credentialSubject");
    if (!is_fragment_of(json_string(list, "id"), json_string(document, "id"), "list"))
        return error_field(x->e, "id", "credentialSubject.id is not the list's own");
    return 0;
}

int shape_check(const cJSON *document, enum node root, struct arena *a, struct error *e)
{
    struct shape x = {.arena = a, .e = e};
    const cJSON *issuer = json_get(document, "issuer");
    x.did = cJSON_IsString(issuer) ? issuer->valuestring : json_string(issuer, "id");
    const char *host = x.did ? did_host(a, x.did) : NULL;
    if (!host)
        return error_field(e, "issuer", "the issuer is not named by a did:web");
    x.page = arena_printf(a, "https://%s/", host);
    if (check_node(&x, document, root, "") != 0)
        return -1;
    if (root == NODE_LIST_CREDENTIAL)
        return check_list(&x, document);
    return check_credential(&x, document);
}
