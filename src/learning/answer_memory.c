#include "learning/answer_memory.h"
#include "base/memory.h"
#include "learning/draw.h"
#include <stdlib.h>
#include <string.h>

#define CHECKS   512 /* powers of two: up to a megabyte when all were used */
#define VERSIONS 512

struct version {
    const struct item *item;
    int64_t id;
};

struct answer_memory {
    uint64_t undone; /* what db_undone said when the first of it was remembered */
    struct open_check *checks[CHECKS];
    struct version versions[VERSIONS];
};

struct answer_memory *answer_memory_create(void)
{
    return memory_array(1, sizeof(struct answer_memory));
}

void answer_memory_free(struct answer_memory *m)
{
    for (size_t i = 0; m && i < CHECKS; i++)
        free(m->checks[i]);
    free(m);
}

void answer_memory_clear(struct answer_memory *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < CHECKS; i++)
        if (m->checks[i])
            m->checks[i]->whole = false;
    memset(m->versions, 0, sizeof m->versions);
}

static void check_undone(struct answer_memory *m, const struct conn *c)
{
    if (m->undone == db_undone(c))
        return;
    answer_memory_clear(m);
    m->undone = db_undone(c);
}

/* FNV-1a. Whoever chooses texts of the same hash only has them looked up. */
static uint64_t hash_of(const char *s)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *s; s++)
        hash = (hash ^ (unsigned char)*s) * 0x100000001b3u;
    return hash;
}

static struct open_check **slot_of(struct answer_memory *m, const char *uuid)
{
    return &m->checks[hash_of(uuid) % CHECKS];
}

struct open_check *answer_memory_find(struct answer_memory *m, struct conn *c, const char *uuid,
                                      int64_t person)
{
    if (!m)
        return NULL;
    check_undone(m, c);
    struct open_check *check = *slot_of(m, uuid);
    bool found = check && check->whole && check->person == person && strcmp(check->uuid, uuid) == 0;
    return found ? check : NULL;
}

struct open_check *answer_memory_add(struct answer_memory *m, struct conn *c, const char *uuid,
                                     int64_t person, int64_t id, const struct publication *p,
                                     const char *form)
{
    size_t length = strlen(form);
    if (!m || strlen(uuid) != 36 || length >= REMEMBERED_FORM ||
        draw_count(form) > REMEMBERED_ITEMS)
        return NULL;
    check_undone(m, c);
    struct open_check **slot = slot_of(m, uuid);
    if (!*slot)
        *slot = memory_alloc(sizeof **slot);
    struct open_check *check = *slot;
    memcpy(check->uuid, uuid, sizeof check->uuid);
    memcpy(check->form, form, length + 1);
    check->whole = check->crowded = false;
    check->id = id;
    check->person = person;
    check->publication = p;
    check->steps = 0;
    check->last_id = 0;
    for (int i = 0; i < REMEMBERED_ITEMS; i++)
        check->standing[i].id = 0;
    return check;
}

void open_check_note(struct open_check *check, const char *op_id, int64_t id, int place,
                     const char *answer, instant at)
{
    size_t length = strlen(answer);
    if (check->steps == REMEMBERED_STEPS || place < 1 || place > REMEMBERED_ITEMS ||
        length >= ANSWER_ROOM) {
        check->crowded = true;
        check->whole = false;
        return;
    }
    check->op_ids[check->steps++] = hash_of(op_id);
    if (id > check->last_id)
        check->last_id = id;
    struct standing_answer *standing = &check->standing[place - 1];
    if (id <= standing->id)
        return;
    standing->id = id;
    standing->at = at;
    memcpy(standing->answer, answer, length + 1);
}

void open_check_whole(struct open_check *check)
{
    check->whole = !check->crowded;
}

bool open_check_may_have(const struct open_check *check, const char *op_id)
{
    uint64_t hash = hash_of(op_id);
    for (int i = 0; i < check->steps; i++)
        if (check->op_ids[i] == hash)
            return true;
    return false;
}

void answer_memory_forget(struct answer_memory *m, const char *uuid)
{
    struct open_check *check = m ? *slot_of(m, uuid) : NULL;
    if (check && strcmp(check->uuid, uuid) == 0)
        check->whole = false;
}

static struct version *version_of(struct answer_memory *m, const struct item *item)
{
    return &m->versions[((uintptr_t)item >> 4) * 2654435761u % VERSIONS];
}

int64_t answer_memory_version(struct answer_memory *m, struct conn *c, const struct item *item)
{
    if (!m)
        return 0;
    check_undone(m, c);
    const struct version *v = version_of(m, item);
    return v->item == item ? v->id : 0;
}

void answer_memory_put_version(struct answer_memory *m, const struct item *item, int64_t id)
{
    if (m)
        *version_of(m, item) = (struct version){item, id};
}
