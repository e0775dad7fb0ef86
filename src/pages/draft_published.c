/* What a draft's page says of publishing: what was published of it, what waits, what may be sent.
 */
#include "learning/draft_ready.h"
#include "pages/draft_view.h"
#include "pages/versions.h"
#include <string.h>

static void put_published(cJSON *view, struct request *rq, const struct draft *d,
                          const struct draft_published *p)
{
    struct error none = {0};
    const struct publication *current = shelf_current(rq->learning->shelf, p->course, &none);
    cJSON *published = view_object(view, "published");
    view_int(published, "draft_version", p->draft_version);
    view_text(published, "version", p->version);
    view_text(published, "href", version_href(rq->arena, p->course, p->hash));
    view_text(published, "kind", change_kind_name(p->kind));
    view_text(published, "published_words", words_date(rq, p->at));
    view_bool(published, "is_current", current && strcmp(current->hash, p->hash) == 0);
    view_bool(published, "is_head", strcmp(d->hash, p->hash) == 0);
}

static void put_sent(cJSON *view, struct request *rq, const struct draft *d)
{
    cJSON *sent = view_object(view, "sent");
    bool may = request_may(rq, ACCESS_ADMINISTRATOR, NULL);
    view_int(sent, "version", d->ready_version);
    view_bool(sent, "is_head", draft_is_ready(d));
    view_text(sent, "sent_words", words_when(rq, d->ready_at));
    view_text(sent, "publish_href",
              may ? arena_printf(rq->arena, "/administration/drafts/%s", d->uuid) : "");
}

int view_draft_published(cJSON *view, struct request *rq, const struct draft *d, struct error *e)
{
    struct draft_published p;
    struct conn *c = request_reader(rq, e);
    int found = c ? draft_published_find(c, d->uuid, rq->arena, &p, e) : -1;
    if (found < 0)
        return -1;
    if (found)
        put_published(view, rq, d, &p);
    else
        view_bool(view, "published", false);
    if (d->ready_version)
        put_sent(view, rq, d);
    else
        view_bool(view, "sent", false);
    bool is_out = found && strcmp(d->hash, p.hash) == 0;
    view_bool(view, "may_send", d->errors == 0 && !draft_is_ready(d) && !is_out);
    return 0;
}
