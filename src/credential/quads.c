/*
 * Three passes. The first walks the tree and collects statements. The second gives blank nodes
 * their labels: the hash of a node is SHA-256 over its sorted statements with itself as _:a and
 * any other as _:z (RDFC-1.0 §4.6); in the order of the hashes they become _:c14n0, _:c14n1, …
 * Nodes with equal hashes would need the longer algorithm: such a document is refused; a single one
 * is _:c14n0 whatever its hash. The third
 * writes every statement as a line, sorts the lines and drops repeated ones.
 */
#include "credential/quads.h"
#include "base/hash.h"
#include "base/json.h"
#include <stdlib.h>
#include <string.h>

#define MOST_BLANKS 16
#define MOST_QUADS  256
#define LABEL_BYTES 12

struct quad {
    const char *subject; /* NULL: blank node number subject_blank */
    const char *predicate;
    const char *object; /* a name, or a literal's text; NULL: object_blank */
    const char *datatype;
    int subject_blank, object_blank;
    bool literal;
};

struct walk {
    struct arena *arena;
    struct error *e;
    struct quad *quads; /* MOST_QUADS */
    size_t count;
    int blanks;
    char labels[MOST_BLANKS][LABEL_BYTES];
};

struct line {
    const char *text;
    size_t length;
};

bool quads_escape(struct buf *out, const char *s)
{
    const char *from = s;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c >= 0x20 && c != 0x7F && c != '"' && c != '\\')
            continue;
        const char *found = strchr("\b\t\n\f\r\"\\", c);
        if (!found)
            return false;
        buf_append(out, from, (size_t)(s - from));
        buf_putc(out, '\\');
        buf_putc(out, "btnfr\"\\"[found - "\b\t\n\f\r\"\\"]);
        from = s + 1;
    }
    buf_append(out, from, (size_t)(s - from));
    return true;
}

static struct quad *add_quad(struct walk *w, const char *subject, int blank, const char *predicate)
{
    if (w->count == MOST_QUADS) {
        error_set(w->e, ERROR_INVALID, "more than %d statements", MOST_QUADS);
        return NULL;
    }
    struct quad *q = &w->quads[w->count++];
    q->subject = subject;
    q->subject_blank = blank;
    q->predicate = predicate;
    return q;
}

static int walk_node(struct walk *w, const cJSON *object, enum node in, const char **name,
                     int *blank);

static int walk_type(struct walk *w, const cJSON *value, enum node in, const char *subject,
                     int blank)
{
    const cJSON *first = cJSON_IsArray(value) ? value->child : value;
    for (const cJSON *item = first; item; item = cJSON_IsArray(value) ? item->next : NULL) {
        const char *iri = cJSON_IsString(item) ? node_type_iri(in, item->valuestring) : NULL;
        if (!iri)
            return error_field(w->e, "type", "has a type that does not belong there");
        struct quad *q = add_quad(w, subject, blank, RDF_TYPE);
        if (!q)
            return -1;
        q->object = iri;
    }
    return 0;
}

static int walk_child(struct walk *w, const cJSON *value, const struct term *t, const char *subject,
                      int blank)
{
    const cJSON *first = cJSON_IsArray(value) ? value->child : value;
    for (const cJSON *item = first; item; item = cJSON_IsArray(value) ? item->next : NULL) {
        struct quad *q = add_quad(w, subject, blank, t->predicate);
        if (!q || walk_node(w, item, t->object, &q->object, &q->object_blank) != 0)
            return -1;
    }
    return 0;
}

static int walk_value(struct walk *w, const cJSON *value, const struct term *t, const char *subject,
                      int blank)
{
    const char *text = cJSON_IsString(value) ? value->valuestring : NULL;
    if (t->check == CHECK_BOOL && cJSON_IsBool(value))
        text = cJSON_IsTrue(value) ? "true" : "false";
    if (!text)
        return error_field(w->e, t->member, "%s is not a string", t->member);
    if (t->kind == TERM_IRI && !term_is_iri(text))
        return error_field(w->e, t->member, "%s is not an absolute address", t->member);
    if (t->kind == TERM_CONSTANT && strcmp(text, t->exact) != 0)
        return error_field(w->e, t->member, "%s is not \"%s\"", t->member, t->exact);
    struct quad *q = add_quad(w, subject, blank, t->predicate);
    if (!q)
        return -1;
    q->object = t->kind == TERM_CONSTANT ? t->iri : text;
    q->literal = t->kind == TERM_LITERAL;
    q->datatype = q->literal ? t->iri : NULL;
    return 0;
}

static int walk_member(struct walk *w, const cJSON *member, enum node in, const char *subject,
                       int blank)
{
    const struct term *t = term_find(in, member->string);
    if (!t)
        return error_set(w->e, ERROR_INVALID, "a member has no meaning where it stands");
    switch (t->kind) {
    case TERM_CONTEXT:
    case TERM_ID:
    case TERM_UNSIGNED:
        return 0;
    case TERM_TYPE:
        return walk_type(w, member, in, subject, blank);
    case TERM_NODE:
        return walk_child(w, member, t, subject, blank);
    case TERM_LITERAL:
    case TERM_IRI:
    case TERM_CONSTANT:
        break;
    }
    return walk_value(w, member, t, subject, blank);
}

/* The table has no cycles, so the recursion is as deep as the table: five. */
static int walk_node(struct walk *w, const cJSON *object, enum node in, const char **name,
                     int *blank)
{
    if (!cJSON_IsObject(object))
        return error_set(w->e, ERROR_INVALID, "expected an object");
    const cJSON *id = json_get(object, "id");
    *name = cJSON_IsString(id) ? id->valuestring : NULL;
    *blank = 0;
    if (id && (!*name || !term_is_iri(*name)))
        return error_field(w->e, "id", "an id is not an absolute address");
    if (!id) {
        if (w->blanks == MOST_BLANKS)
            return error_set(w->e, ERROR_INVALID, "more than %d nodes without id", MOST_BLANKS);
        *blank = w->blanks++;
    }
    for (const cJSON *member = object->child; member; member = member->next)
        if (walk_member(w, member, in, *name, *blank) != 0)
            return -1;
    return 0;
}

static void put_name(struct buf *out, const char *name, const char *label)
{
    if (!name) {
        buf_puts(out, label);
        return;
    }
    buf_putc(out, '<');
    buf_puts(out, name);
    buf_putc(out, '>');
}

static int put_quad(struct walk *w, const struct quad *q, struct buf *out)
{
    put_name(out, q->subject, w->labels[q->subject_blank]);
    buf_putc(out, ' ');
    put_name(out, q->predicate, NULL);
    buf_putc(out, ' ');
    if (q->literal) {
        buf_putc(out, '"');
        if (!quads_escape(out, q->object))
            return error_set(w->e, ERROR_INVALID, "a text holds a control character");
        buf_putc(out, '"');
        if (q->datatype) {
            buf_puts(out, "^^");
            put_name(out, q->datatype, NULL);
        }
    } else {
        put_name(out, q->object, w->labels[q->object_blank]);
    }
    buf_puts(out, " .\n");
    return 0;
}

static int compare_lines(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* The lines of `blank`'s statements, or all with blank < 0, sorted, each once. */
static int put_sorted(struct walk *w, int blank, struct buf *out)
{
    struct buf text;
    struct line *lines = arena_array(w->arena, w->count + 1, sizeof *lines);
    size_t *ends = arena_array(w->arena, w->count + 1, sizeof *ends);
    size_t count = 0;
    int result = -1;
    buf_init(&text, QUADS_MAX_BYTES);
    for (size_t i = 0; i < w->count; i++) {
        const struct quad *q = &w->quads[i];
        bool own =
            (!q->subject && q->subject_blank == blank) || (!q->object && q->object_blank == blank);
        if (blank >= 0 && !own)
            continue;
        if (put_quad(w, q, &text) != 0)
            goto out;
        ends[count++] = text.length;
    }
    if (text.overflow) {
        error_set(w->e, ERROR_TOO_LARGE, "the document is too large");
        goto out;
    }
    for (size_t i = 0, start = 0; i < count; start = ends[i++])
        lines[i] = (struct line){text.data + start, ends[i] - start};
    qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || compare_lines(&lines[i - 1], &lines[i]) != 0)
            buf_append(out, lines[i].text, lines[i].length);
    result = 0;
out:
    buf_free(&text);
    return result;
}

struct hashed {
    uint8_t hash[HASH_BYTES];
    int blank;
};

static int compare_hashes(const void *left, const void *right)
{
    return memcmp(left, right, HASH_BYTES);
}

static int label_blanks(struct walk *w)
{
    struct hashed hashed[MOST_BLANKS];
    struct buf text;
    int result = -1;
    if (w->blanks == 1) {
        memcpy(w->labels[0], "_:c14n0", 8);
        return 0;
    }
    buf_init(&text, QUADS_MAX_BYTES);
    for (int i = 0; i < w->blanks; i++) {
        for (int other = 0; other < w->blanks; other++)
            memcpy(w->labels[other], other == i ? "_:a" : "_:z", 4);
        buf_clear(&text);
        if (put_sorted(w, i, &text) != 0)
            goto out;
        hash_sha256(text.length ? text.data : "", text.length, hashed[i].hash);
        hashed[i].blank = i;
    }
    qsort(hashed, (size_t)w->blanks, sizeof hashed[0], compare_hashes);
    for (int i = 0; i < w->blanks; i++) {
        if (i > 0 && memcmp(hashed[i - 1].hash, hashed[i].hash, HASH_BYTES) == 0) {
            error_set(w->e, ERROR_INVALID, "the same thing stands twice in a list");
            goto out;
        }
        char *label = w->labels[hashed[i].blank];
        memcpy(label, "_:c14n", 6);
        size_t at = 6;
        if (i >= 10)
            label[at++] = (char)('0' + i / 10);
        label[at++] = (char)('0' + i % 10);
        label[at] = '\0';
    }
    result = 0;
out:
    buf_free(&text);
    return result;
}

int quads_write(const cJSON *object, enum node root, struct arena *a, struct buf *out,
                struct error *e)
{
    struct walk w = {.arena = a, .e = e};
    const char *name;
    int blank;
    w.quads = arena_array(a, MOST_QUADS, sizeof *w.quads);
    if (walk_node(&w, object, root, &name, &blank) != 0 || label_blanks(&w) != 0 ||
        put_sorted(&w, -1, out) != 0)
        return -1;
    if (out->overflow)
        return error_set(e, ERROR_TOO_LARGE, "the document is too large");
    return 0;
}
