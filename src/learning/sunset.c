#include "learning/sunset.h"
#include "learning/sql.h"

int sunset_state_read(struct conn *c, struct sunset_state *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_sunset_state, e, "");
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = (struct sunset_state){db_int(st, 0), db_int(st, 1), db_int(st, 2), db_int(st, 3)};
    db_done(st);
    return step == 1 ? 0 : -1;
}
