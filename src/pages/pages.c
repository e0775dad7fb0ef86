/* The one list of areas, and what their handlers share. */
#include "pages/pages.h"
#include "base/memory.h"
#include "pages/allowance.h"
#include <stdlib.h>

/* clang-format off */ /* one area in a line */
static const struct route *const tables[] = {
    home_routes,
    courses_routes,
    versions_routes,
    updates_routes,
    lesson_routes,
    case_routes,
    attempt_routes,
    pretest_routes,
    follow_up_routes,
    commitment_routes,
    plan_routes,
    tool_routes,
    journal_routes,
    activity_routes,
    transcript_routes,
    journal_download_routes,
    signin_routes,
    account_routes,
    who_sees_routes,
    certificate_routes,
    public_certificate_routes,
    certificate_file_routes,
    verify_routes,
    log_routes,
    about_routes,
    alternative_routes,
    alternatives_routes,
    challenge_routes,
    challenges_routes,
    corrections_routes,
    department_routes,
    outcomes_routes,
    administration_routes,
    person_delete_routes,
    certificate_admin_routes,
    publishing_routes,
    authoring_routes,
    draft_routes,
    draft_editor_routes,
    walk_routes,
    walk_check_routes,
    review_author_routes,
    review_routes,
    review_sign_routes,
    signoff_routes,
    NULL,
};
/* clang-format on */

static const struct nav_item nav[] = {
    {"home", "My learning", "/", ACCESS_SIGNED_IN},
    {"courses", "Courses", "/courses", ACCESS_SIGNED_IN},
    {"department", "Department", "/departments", ACCESS_CHAIR},
    {"outcomes", "Outcomes", "/outcomes", ACCESS_COE},
    {"authoring", "Authoring", "/authoring", ACCESS_AUTHOR},
    {"administration", "Administration", "/administration", ACCESS_COE},
    {0},
};

const struct route *const *pages_routes(void)
{
    return tables;
}

const struct nav_item *pages_nav(void)
{
    return nav;
}

struct site *site_create(const struct settings *settings, struct error *e)
{
    struct zone *zone = zone_create(settings->zone, e);
    if (!zone)
        return NULL;
    struct site *s = memory_array(1, sizeof *s);
    s->zone = zone;
    s->signin = signin_create();
    s->status_lists = status_cache_create();
    s->guesses = allowance_create(GUESSES_MAX, GUESSES_WINDOW);
    s->letters = allowance_create(LETTERS_MAX, LETTERS_WINDOW);
    s->letters_by_address = allowance_create(LETTERS_MAX_ADDRESS, LETTERS_WINDOW);
    s->renamings = allowance_create(RENAMINGS_MAX, RENAMINGS_WINDOW);
    s->comments = allowance_create(COMMENTS_MAX, COMMENTS_WINDOW);
    return s;
}

void site_free(struct site *s)
{
    if (!s)
        return;
    allowance_free(s->comments);
    allowance_free(s->renamings);
    allowance_free(s->letters_by_address);
    allowance_free(s->letters);
    allowance_free(s->guesses);
    status_cache_free(s->status_lists);
    signin_free(s->signin);
    zone_free(s->zone);
    free(s);
}
