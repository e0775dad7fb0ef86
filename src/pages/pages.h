/*
 * The pages of the site, one file per area. A page is one handler: typed input → the domain → a
 * view (cJSON) → the template's name; the same view is what a client gets that asks for JSON. Each
 * area exports one table of routes, ended by a zeroed row; pages.c lists the tables for the server.
 */
#ifndef PAGES_PAGES_H
#define PAGES_PAGES_H
#include "base/error.h"
#include "base/settings.h"
#include "http/route.h"
#include "learning/certificate.h"
#include "learning/signin.h"
#include "learning/status_lists.h"

/* What the pages share for the life of the process: a handler's rq->app. Read-only but for what the
 * parts guard themselves. */
struct site {
    struct zone *zone; /* of dates and times on screen */
    struct signin *signin;
    struct status_cache *status_lists;
    struct allowance *guesses;                       /* wrong codes on public links, by address */
    struct allowance *letters, *letters_by_address;  /* words to a course's owner */
    struct allowance *renamings;                     /* of certificates, by person */
    struct allowance *comments;                      /* on a draft, by review link */
    bool without_pdf, without_picture, without_twin; /* in a folder that does not have them */
};

/* NULL with e when the settings name an unknown time zone. */
struct site *site_create(const struct settings *settings, struct error *e);
void site_free(struct site *s); /* NULL is fine */

/* All areas' tables, NULL-terminated, and the header's navigation: for struct server_options. */
const struct route *const *pages_routes(void);
const struct nav_item *pages_nav(void);

/* ---- the areas ---- */

extern const struct route home_routes[];        /* / */
extern const struct route courses_routes[];     /* /courses, a course, its frozen versions */
extern const struct route lesson_routes[];      /* a lesson and its questions */
extern const struct route case_routes[];        /* a branching case */
extern const struct route attempt_routes[];     /* the learning check: start, answers, result */
extern const struct route commitment_routes[];  /* "If … then I will …", and how it went */
extern const struct route plan_routes[];        /* the action plan, to print */
extern const struct route tool_routes[];        /* a course's tools, to print */
extern const struct route follow_up_routes[];   /* questions that come back after a course */
extern const struct route pretest_routes[];     /* what one knows before a course */
extern const struct route alternative_routes[]; /* "Ask for an alternative" */
extern const struct route challenge_routes[];   /* "Challenge this", and one's own questions */

extern const struct route activity_routes[];         /* active minutes, the discussion guide */
extern const struct route transcript_routes[];       /* /transcript, credits from elsewhere */
extern const struct route journal_routes[];          /* /journal, reflections */
extern const struct route journal_download_routes[]; /* everything in it, as a file */

extern const struct route versions_routes[]; /* a course's history, its frozen lessons */
extern const struct route updates_routes[];  /* what is new in a finished course */

extern const struct route signin_routes[];             /* /sign-in, links, /sign-out */
extern const struct route account_routes[];            /* /account and its forms */
extern const struct route who_sees_routes[];           /* /account/who-sees-what */
extern const struct route certificate_routes[];        /* one's own certificates */
extern const struct route public_certificate_routes[]; /* /v/…, keys, status lists */
extern const struct route certificate_file_routes[];   /* a certificate's PDF, picture, bundle */
extern const struct route verify_routes[];             /* /verify */
extern const struct route log_routes[];                /* /log: the transparency log */
extern const struct route about_routes[];              /* help, accessibility, privacy */
extern const struct route corrections_routes[];        /* /corrections */

extern const struct route department_routes[];        /* /departments: the chair's rosters */
extern const struct route outcomes_routes[];          /* /outcomes: the center's figures */
extern const struct route administration_routes[];    /* /administration */
extern const struct route person_delete_routes[];     /* deleting an account */
extern const struct route certificate_admin_routes[]; /* /administration/certificates */
extern const struct route publishing_routes[];        /* /administration/courses */
extern const struct route alternatives_routes[];      /* /administration/alternatives */
extern const struct route challenges_routes[];        /* /administration/challenges */

extern const struct route authoring_routes[];     /* /authoring: drafts, beginning one */
extern const struct route draft_routes[];         /* a draft: check, files, versions */
extern const struct route draft_editor_routes[];  /* a file of a draft */
extern const struct route walk_routes[];          /* a draft as a learner meets it */
extern const struct route walk_check_routes[];    /* and its learning check */
extern const struct route review_author_routes[]; /* review links of a draft, what came of them */
extern const struct route review_sign_routes[];   /* what a reviewer stands by */
extern const struct route signoff_routes[];       /* sign-offs as the authors answer them */
extern const struct route review_routes[];        /* a draft as a colleague reads it */

#endif
