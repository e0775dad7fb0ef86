#include "learning/draw.h"
#include "base/buf.h"
#include <stdlib.h>
#include <string.h>

static bool objective_taken(const struct item *const *chosen, int count, const char *objective)
{
    for (int i = 0; i < count; i++)
        if (strcmp(chosen[i]->objective, objective) == 0)
            return true;
    return false;
}

/* Moves up to `want` items from the pool to the end of `chosen`; first those of new objectives. */
static int take(const struct item **pool, int *pool_count, const struct item **chosen, int count,
                int want)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < *pool_count && count < want;) {
            if (pass == 0 && objective_taken(chosen, count, pool[i]->objective)) {
                i++;
                continue;
            }
            chosen[count++] = pool[i];
            memmove(&pool[i], &pool[i + 1], sizeof *pool * (size_t)(*pool_count - i - 1));
            --*pool_count;
        }
    }
    return count;
}

static bool in_right_order(const struct item *item, const int *order)
{
    for (int i = 0; i < item->option_count; i++)
        if (item->options[order[i] - 1].goes != i + 1)
            return false;
    return true;
}

static void shuffle(struct rng *rng, int *numbers, int count)
{
    rng_shuffle(rng, numbers, (size_t)count, sizeof *numbers);
}

void draw_layout(const struct item *item, struct rng *rng, struct item_layout *out)
{
    for (int i = 0; i < ITEM_MAX_OPTIONS; i++)
        out->options[i] = out->partners[i] = i + 1;
    if (item->type == ITEM_MATCH)
        shuffle(rng, out->partners, item->partner_count);
    else if (item->type != ITEM_TRUEFALSE)
        shuffle(rng, out->options, item->option_count);
    while (item->type == ITEM_ORDER && in_right_order(item, out->options))
        shuffle(rng, out->options, item->option_count);
}

static void put_numbers(struct buf *out, const char *before, const int *numbers, int count)
{
    for (int i = 0; i < count; i++)
        buf_printf(out, "%s%d", i ? "," : before, numbers[i]);
}

static void put_layout(struct buf *out, const struct item *item, struct rng *rng)
{
    struct item_layout layout;
    draw_layout(item, rng, &layout);
    put_numbers(out, "", layout.options, item->option_count);
    put_numbers(out, "/", layout.partners, item->partner_count);
}

const char *draw_form(const struct publication *p, uint64_t enrolment_seed, struct rng *rng,
                      struct arena *a, int *count)
{
    const struct item **pool = arena_array(a, (size_t)p->item_count + 1, sizeof *pool);
    const struct item **chosen = arena_array(a, (size_t)p->item_count + 1, sizeof *chosen);
    int pool_count = 0, n = 0;
    int draw = p->check_draw < ATTEMPT_MAX_ITEMS ? p->check_draw : ATTEMPT_MAX_ITEMS;
    for (int i = 0; i < p->item_count; i++)
        if (p->items[i].use == ITEM_FOR_CHECK)
            pool[pool_count++] = &p->items[i];
    struct rng own;
    rng_seed(&own, enrolment_seed);
    rng_shuffle(&own, pool, (size_t)pool_count, sizeof *pool);
    n = take(pool, &pool_count, chosen, 0, p->pre_draw < draw ? p->pre_draw : draw);
    rng_shuffle(rng, pool, (size_t)pool_count, sizeof *pool);
    n = take(pool, &pool_count, chosen, n, draw);
    rng_shuffle(rng, chosen, (size_t)n, sizeof *chosen);
    struct buf out;
    buf_init(&out, 1 << 16);
    for (int i = 0; i < n; i++) {
        buf_printf(&out, "%s%s:", i ? ";" : "", chosen[i]->id);
        put_layout(&out, chosen[i], rng);
    }
    const char *form = arena_strndup(a, out.data ? out.data : "", out.length);
    buf_free(&out);
    *count = n;
    return form;
}

/* "2,1,3" behind a mark, each within 1..count; *s moves behind it. */
static bool read_numbers(const char **s, int *out, int count)
{
    for (int i = 0; i < count; i++) {
        if (!**s)
            return false;
        char *end;
        long number = strtol(*s + 1, &end, 10);
        if (number < 1 || number > count)
            return false;
        out[i] = (int)number;
        *s = end;
    }
    return true;
}

static int read_one(const struct publication *p, const char *at, size_t length,
                    struct attempt_item *out, struct error *e)
{
    const char *colon = memchr(at, ':', length);
    char id[128] = "";
    if (colon && (size_t)(colon - at) < sizeof id)
        memcpy(id, at, (size_t)(colon - at));
    *out = (struct attempt_item){.item = publication_item(p, id, NULL), .answer = ""};
    if (!out->item)
        return error_set(e, ERROR_INTERNAL, "an attempt's form names %s, which %s does not have",
                         id, p->course);
    const char *s = colon;
    if (!read_numbers(&s, out->layout.options, out->item->option_count) ||
        !read_numbers(&s, out->layout.partners, out->item->partner_count))
        return error_set(e, ERROR_INTERNAL, "an attempt's form is damaged at %s", id);
    return 0;
}

int draw_read(const struct publication *p, const char *form, struct attempt_item *out, int *count,
              struct error *e)
{
    *count = 0;
    while (*form) {
        size_t length = strcspn(form, ";");
        if (*count == ATTEMPT_MAX_ITEMS)
            return error_set(e, ERROR_INTERNAL, "an attempt's form is too long");
        if (read_one(p, form, length, &out[(*count)++], e))
            return -1;
        form += length + (form[length] == ';');
    }
    return 0;
}

bool draw_has(const char *form, const char *item)
{
    size_t n = strlen(item);
    for (const char *s = form; (s = strstr(s, item)); s += n)
        if ((s == form || s[-1] == ';') && s[n] == ':')
            return true;
    return false;
}
