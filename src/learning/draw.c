#include "learning/draw.h"
#include "base/buf.h"
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

int draw_check_moved(const struct item *item, const struct item_layout *shown, const char *answer,
                     struct error *e)
{
    for (int i = 0; i < item->option_count; i++)
        if (item->type != ITEM_ORDER || item_answer_place(answer, shown->options[i]) != i + 1)
            return 0;
    return error_field(e, "answer", "Put the entries in order first.");
}

static void put_numbers(struct buf *out, const char *before, const int *numbers, int count)
{
    for (int i = 0; i < count; i++) {
        buf_puts(out, i ? "," : before);
        buf_int(out, numbers[i]);
    }
}

static void put_layout(struct buf *out, const struct item *item, struct rng *rng)
{
    struct item_layout layout;
    draw_layout(item, rng, &layout);
    put_numbers(out, "", layout.options, item->option_count);
    put_numbers(out, "/", layout.partners, item->partner_count);
}

/* The bank while items are drawn from it. */
struct draw {
    const struct item **pool, **chosen;
    int left, count;
};

static struct draw check_items(const struct publication *p, struct arena *a)
{
    struct draw d = {arena_array(a, (size_t)p->item_count + 1, sizeof *d.pool),
                     arena_array(a, (size_t)p->item_count + 1, sizeof *d.chosen), 0, 0};
    for (int i = 0; i < p->item_count; i++)
        if (p->items[i].use == ITEM_FOR_CHECK)
            d.pool[d.left++] = &p->items[i];
    return d;
}

static int at_most(int n, int most)
{
    return n < most ? n : most;
}

static int items_of_check(const struct publication *p)
{
    return at_most(p->check_draw, ATTEMPT_MAX_ITEMS);
}

/* The items that every check of this learner holds. */
static void draw_fixed(struct draw *d, const struct publication *p, uint64_t seed,
                       const char *before)
{
    struct rng own;
    rng_seed(&own, seed);
    rng_shuffle(&own, d->pool, (size_t)d->left, sizeof *d->pool);
    int want = at_most(p->pre_draw, items_of_check(p));
    for (int i = 0; i < d->left && d->count < want;) {
        if (!draw_has(before, d->pool[i]->id)) {
            i++;
            continue;
        }
        d->chosen[d->count++] = d->pool[i];
        memmove(&d->pool[i], &d->pool[i + 1], sizeof *d->pool * (size_t)(--d->left - i));
    }
    d->count = take(d->pool, &d->left, d->chosen, d->count, want);
}

static const char *put_form(struct draw *d, struct rng *rng, struct arena *a, int *count)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    rng_shuffle(rng, d->chosen, (size_t)d->count, sizeof *d->chosen);
    for (int i = 0; i < d->count; i++) {
        buf_puts(&out, i ? ";" : "");
        buf_puts(&out, d->chosen[i]->id);
        buf_putc(&out, ':');
        put_layout(&out, d->chosen[i], rng);
    }
    const char *form = arena_strndup(a, out.data ? out.data : "", out.length);
    buf_free(&out);
    *count = d->count;
    return form;
}

const char *draw_form(const struct publication *p, uint64_t enrolment_seed, const char *before,
                      struct rng *rng, struct arena *a, int *count)
{
    struct draw d = check_items(p, a);
    draw_fixed(&d, p, enrolment_seed, before);
    rng_shuffle(rng, d.pool, (size_t)d.left, sizeof *d.pool);
    d.count = take(d.pool, &d.left, d.chosen, d.count, items_of_check(p));
    return put_form(&d, rng, a, count);
}

const char *draw_pretest(const struct publication *p, uint64_t enrolment_seed, struct rng *rng,
                         struct arena *a, int *count)
{
    struct draw d = check_items(p, a);
    draw_fixed(&d, p, enrolment_seed, "");
    return put_form(&d, rng, a, count);
}

int draw_pretest_count(const struct publication *p)
{
    int items = 0;
    for (int i = 0; i < p->item_count; i++)
        items += p->items[i].use == ITEM_FOR_CHECK;
    return p->needs_check ? at_most(at_most(p->pre_draw, items_of_check(p)), items) : 0;
}

/* "2,1,3" behind a mark, each within 1..count; *s moves behind it. */
static bool read_numbers(const char **s, int *out, int count)
{
    for (int i = 0; i < count; i++) {
        if (!**s)
            return false;
        ++*s;
        int number = 0;
        for (; **s >= '0' && **s <= '9' && number <= count; ++*s)
            number = 10 * number + (**s - '0');
        if (number < 1 || number > count)
            return false;
        out[i] = number;
    }
    return true;
}

bool draw_next_id(const char **form, char id[DRAW_ID_SIZE])
{
    size_t whole = strcspn(*form, ";"), length = strcspn(*form, ":;");
    if (length >= DRAW_ID_SIZE)
        length = DRAW_ID_SIZE - 1;
    memcpy(id, *form, length);
    id[length] = 0;
    bool more = whole > 0;
    *form += whole + ((*form)[whole] == ';');
    return more;
}

/* `text` begins with the item's id. */
static int read_one(const struct publication *p, const char *id, const char *text, int place,
                    struct attempt_item *out, struct error *e)
{
    *out =
        (struct attempt_item){.item = publication_item(p, id, NULL), .place = place, .answer = ""};
    if (!out->item)
        return error_set(e, ERROR_INTERNAL, "an attempt's form names %s, which %s does not have",
                         id, p->course);
    const char *s = text + strlen(id);
    if (!read_numbers(&s, out->layout.options, out->item->option_count) ||
        !read_numbers(&s, out->layout.partners, out->item->partner_count))
        return error_set(e, ERROR_INTERNAL, "an attempt's form is damaged at %s", id);
    return 0;
}

int draw_count(const char *form)
{
    int count = *form != 0;
    for (const char *s = form; (s = strchr(s, ';')); s++)
        count += s[1] != 0;
    return at_most(count, ATTEMPT_MAX_ITEMS);
}

int draw_read(const struct publication *p, const char *form, struct attempt_item *out, int *count,
              struct error *e)
{
    char id[DRAW_ID_SIZE];
    *count = 0;
    for (const char *at = form; draw_next_id(&form, id); at = form) {
        if (*count == ATTEMPT_MAX_ITEMS)
            return error_set(e, ERROR_INTERNAL, "an attempt's form is too long");
        if (read_one(p, id, at, *count + 1, &out[*count], e))
            return -1;
        ++*count;
    }
    return 0;
}

/* Where the form names the item, or NULL. */
static const char *find_item(const char *form, const char *item)
{
    size_t n = strlen(item);
    for (const char *s = form; (s = strstr(s, item)); s += n)
        if ((s == form || s[-1] == ';') && s[n] == ':')
            return s;
    return NULL;
}

int draw_read_item(const struct publication *p, const char *form, const char *item,
                   struct attempt_item *out, struct error *e)
{
    const char *at = find_item(form, item);
    int place = 1;
    *out = (struct attempt_item){0};
    for (const char *s = form; s < at; s++)
        place += *s == ';';
    return at ? read_one(p, item, at, place, out, e) : 0;
}

bool draw_has(const char *form, const char *item)
{
    return find_item(form, item) != NULL;
}
