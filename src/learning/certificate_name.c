/* A changed name: certificates that carry the former one are issued anew. */
#include "base/json.h"
#include "base/text.h"
#include "learning/certificate.h"
#include "learning/people.h"
#include "learning/sql.h"
#include <string.h>

static const char reason[] = "A changed name";

/* What else is stored of the name may have changed since. */
const char *certificate_holder(const struct certificate *it, struct arena *a)
{
    struct error ignored = {0};
    cJSON *document = json_parse(it->bytes, strlen(it->bytes), &ignored);
    const cJSON *identifiers = json_get(json_get(document, "credentialSubject"), "identifier");
    const char *name =
        arena_strdup(a, json_string(cJSON_GetArrayItem(identifiers, 0), "identityHash"));
    cJSON_Delete(document);
    return name;
}

/* Those that stand in another name, oldest first; the count or -1. */
static int others(struct conn *c, struct learning *l, int64_t person, const char *name,
                  struct arena *a, struct certificate **out, struct error *e)
{
    struct certificate *all;
    int count = 0, n = certificate_list(c, l, person, a, &all, e);
    if (n < 0)
        return -1;
    *out = arena_array(a, (size_t)n + 1, sizeof **out);
    for (int i = n - 1; i >= 0; i--)
        if (all[i].state == CERTIFICATE_STANDS && !text_equal(certificate_holder(&all[i], a), name))
            (*out)[count++] = all[i];
    return count;
}

int certificates_in_another_name(struct conn *c, struct learning *l, int64_t person,
                                 const char *name, struct error *e)
{
    struct arena *a = arena_create();
    struct certificate *list;
    int n = others(c, l, person, name, a, &list, e);
    arena_free(a);
    return n;
}

int certificates_half_renamed(struct conn *c, int64_t after, int max, int64_t *persons,
                              struct error *e)
{
    struct stmt *st =
        db_query(c, &sql_certificates_half_renamed, e, "tii", reason, after, (int64_t)max);
    int count = 0, step = st ? 0 : -1;
    while (st && count < max && (step = db_step(st, e)) == 1)
        persons[count++] = db_int(st, 0);
    db_done(st);
    return step < 0 ? -1 : count;
}

int certificates_rename(struct conn *c, struct learning *l, int64_t person, int max, instant at,
                        int *left, struct error *e)
{
    struct arena *a = arena_create();
    struct certificate *list = NULL;
    struct person holder;
    int64_t made;
    int n = person_get(c, person, a, &holder, e) ? -1 : 0;
    if (n == 0 && holder.certificate_name) /* none: the account was deleted meanwhile */
        n = others(c, l, person, holder.certificate_name, a, &list, e);
    int result = n < 0 ? -1 : 0, done = 0;
    for (; result == 0 && done < n && done < max; done++)
        result = list[done].current
                     ? certificate_reissue(c, l, list[done].id, reason, person, at, &made, e)
                     : certificate_supersede_older(c, l, list[done].id, reason, person, at, e);
    *left = n - done;
    arena_free(a);
    return result;
}
