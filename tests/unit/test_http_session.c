/* Who is asking, when what is known of it changes while a request is under way. */
#include "http/internal.h"
#include "learning/session_cache.h"
#include "learning/signin_internal.h"
#include "support.h"
#include "test_learning_support.h"

static int64_t ada;
static char link_token[TOKEN_TEXT], token[TOKEN_TEXT];

static int add_ada(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct new_person p = {.name = "Ada Lovelace"};
    return person_add(c, &p, NOON, NULL, &ada, e) ||
                   signin_link_create(c, ada, "/", NOON, INSTANT_HOUR, link_token, e)
               ? -1
               : 0;
}

static int grant(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return role_add(c, ada, "author", 0, NOON, NOON, e);
}

static int setup(void **state)
{
    (void)state;
    struct error e = {0};
    char to[256];
    house_open();
    l.sessions = session_cache_create();
    write_ok(add_ada, NULL);
    if (signin_link_spend(&l, link_token, false, token, to, &e))
        fail_msg("%s", e.message);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    session_cache_free(l.sessions);
    house_close();
    return 0;
}

static struct exchange arriving(void)
{
    struct exchange x = {.session_token = token};
    x.rq = (struct request){.arena = arena, .learning = &l, .settings = &settings, .now = NOON};
    return x;
}

/* A page for everybody has looked into the database, and only now asks who is there. */
static void look_at_something(struct exchange *x)
{
    struct error e = {0};
    x->rq.exchange = x;
    struct conn *c = request_reader(&x->rq, &e);
    assert_non_null(c);
    assert_int_equal(people_count(c, &e), 1);
}

static bool is_remembered(struct session *s)
{
    uint64_t epoch;
    return session_recall(l.sessions, token, NOON, s, &epoch);
}

static void a_role_granted_behind_a_page_under_way_counts_for_the_next(void **state)
{
    (void)state;
    struct session s;
    struct exchange x = arriving();
    look_at_something(&x);
    write_ok(grant, NULL);
    session_forget_person(l.sessions, ada);
    assert_int_equal(request_person_id(&x.rq), ada);
    request_reader_release(&x.rq);
    assert_true(!is_remembered(&s) || s.has_roles);
    struct exchange next = arriving();
    next.rq.exchange = &next;
    assert_true(request_may(&next.rq, ACCESS_AUTHOR, NULL));
    request_reader_release(&next.rq);
    assert_true(is_remembered(&s));
    assert_true(s.has_roles);
}

static void who_signed_out_behind_a_page_under_way_is_out(void **state)
{
    (void)state;
    struct error e = {0};
    struct session s;
    struct exchange x = arriving();
    look_at_something(&x);
    session_token_hash(token, s.token_hash);
    assert_int_equal(session_end(&l, &s, &e), 0);
    assert_int_equal(request_person_id(&x.rq), ada); /* on its own snapshot she is there still */
    request_reader_release(&x.rq);
    struct exchange next = arriving();
    next.rq.exchange = &next;
    assert_int_equal(request_person_id(&next.rq), 0);
    request_reader_release(&next.rq);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_role_granted_behind_a_page_under_way_counts_for_the_next,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(who_signed_out_behind_a_page_under_way_is_out, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
