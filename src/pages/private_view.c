#include "pages/private_view.h"
#include "learning/secret.h"
#include <string.h>

void view_private(cJSON *view, struct request *rq)
{
    view_text(view, "reporting_office", shelf_site(rq->learning->shelf, "reporting_office"));
}

int view_lost(cJSON *view, struct request *rq, int closed, struct error *e)
{
    instant at = 0;
    struct conn *c = request_reader(rq, e);
    int anew = c ? secret_began_anew(c, &at, e) : -1;
    if (anew < 0)
        return -1;
    bool lost = anew && closed > 0 && rq->learning->secret;
    view_text(
        view, "lost_words",
        lost ? arena_printf(rq->arena,
                            "%s saved before %s can't be opened at present: the key that kept %s "
                            "private was lost. Nothing was deleted: %s, and will open again if the "
                            "key is found. What you write now is saved as before.",
                            closed == 1 ? "One text that you"
                                        : arena_printf(rq->arena, "%d texts that you", closed),
                            words_date(rq, at), closed == 1 ? "it" : "them",
                            closed == 1 ? "it is kept, sealed" : "they are kept, sealed")
             : "");
    return 0;
}

const char *words_saved_on(struct request *rq, instant at)
{
    const char *day = words_date(rq, at);
    return strcmp(day, words_date(rq, rq->now)) == 0 ? words_saved(rq, at)
                                                     : arena_printf(rq->arena, "Saved %s", day);
}

void view_writing(cJSON *object, struct request *rq, const struct writing_place *place,
                  const struct reflection *r)
{
    const char *text = place->typed ? place->typed : r && r->text ? r->text : "";
    const char *closed = r && r->closed && !place->typed ? r->closed : "";
    if (!r && !place->typed && !rq->learning->secret)
        closed = "Writing here is closed for now: the key that keeps it private is not on the "
                 "server. Thinking it over, or printing this page, works as ever.";
    cJSON *writing = view_object(object, "writing");
    view_text(writing, "id", place->id);
    view_text(writing, "action", place->action);
    view_text(writing, "prompt", place->prompt);
    view_text(writing, "text", text);
    view_text(writing, "base", arena_printf(rq->arena, "%lld", r ? (long long)r->saved_at : 0LL));
    view_bool(writing, "is_saved", r != NULL);
    view_text(writing, "saved_words", r && !place->typed ? words_saved_on(rq, r->saved_at) : "");
    view_text(writing, "closed", closed);
}
