/* People, departments, appointments and role grants; who somebody is at an instant. */
#ifndef LEARNING_PEOPLE_H
#define LEARNING_PEOPLE_H
#include "base/arena.h"
#include "base/random.h"
#include "db/db.h"

struct person {
    int64_t id;
    const char *uuid, *name, *email; /* email NULL when there is none */
    const char *certificate_name;    /* NULL until the person has confirmed one */
    const char *learner_type, *profession, *discipline, *setting;
    bool has_password;
    instant erased_at; /* the account was deleted (erasure.h); 0: it stands */
};

struct department {
    int64_t id;
    const char *code, *name;
};

#define PERSON_MAX_DEPARTMENTS 16
#define EMAIL_MAX              254 /* bytes: RFC 5321, erratum 1690 */

/* What a person may do at one instant, from the grants. */
struct roles {
    bool evaluator, administrator, author;
    int chair_count;
    struct department chair_of[PERSON_MAX_DEPARTMENTS];
};

struct new_person {
    const char *name,
        *family_name; /* family_name decides the order in lists; NULL: the last word of name */
    const char *email, *external_id;               /* may be NULL */
    const char *learner_type;                      /* NULL: faculty */
    const char *profession, *discipline, *setting; /* may be NULL */
};

/* A plain address: the addr-spec of RFC 5322 without quoting, comments and address literals; 0, or
 * ERROR_INVALID on "email". */
int person_check_email(const char *email, struct error *e);

/* Writes (inside a closure). Names: a line of 1–120 code points. `uuid_source` NULL: secure random.
 */
int person_add(struct conn *c, const struct new_person *p, instant at, struct rng *uuid_source,
               int64_t *id, struct error *e);
int department_add(struct conn *c, const char *code, const char *name, instant at, int64_t *id,
                   struct error *e);
/* The first appointment of a person is primary; a later one when `primary` is set supersedes that.
 * ERROR_INVALID on "from" when it would begin before the present primary one did. */
int appointment_add(struct conn *c, int64_t person, int64_t department, const char *title,
                    bool primary, instant from, instant at, struct error *e);
/* role: "chair" (with department), "evaluator", "administrator", "author" (department 0). */
bool role_is_known(const char *role);
int role_add(struct conn *c, int64_t person, const char *role, int64_t department, instant from,
             instant at, struct error *e);
/* Ends at `at` what has not ended: facts that supersede. */
int appointments_end(struct conn *c, int64_t person, instant at, struct error *e);
int roles_end(struct conn *c, int64_t person, instant at, struct error *e);
/* The name that will stand on certificates from now on: certificate_name_check, then stored. */
int person_set_certificate_name(struct conn *c, int64_t person, const char *name, instant at,
                                struct error *e);
/* hash: an Argon2id string (password_hash in signin.h). */
int person_set_password_hash(struct conn *c, int64_t person, const char *hash, struct error *e);
/* until 0: without an end. */
int waiver_add(struct conn *c, int64_t person, const char *course, const char *reason,
               int64_t actor, instant from, instant until, instant at, struct error *e);
/* Ends a waiver at this instant: a fact that supersedes it. One that has ended stays as it is. */
int waiver_end(struct conn *c, int64_t waiver, int64_t actor, instant at, struct error *e);

/* Reads. Strings in the arena. ERROR_NOT_FOUND when there is none. */
int person_get(struct conn *c, int64_t id, struct arena *a, struct person *out, struct error *e);
/* Capital and small letters are alike. */
int person_find_email(struct conn *c, const char *email, struct arena *a, struct person *out,
                      struct error *e);
/* The grants that stand at `at`; none at all is no error. */
int person_roles(struct conn *c, int64_t person, instant at, struct arena *a, struct roles *out,
                 struct error *e);
int department_find(struct conn *c, const char *code, struct arena *a, struct department *out,
                    struct error *e);
/* A person's departments at an instant, primary first; up to `max`. Returns the count or -1. */
int person_departments(struct conn *c, int64_t person, instant at, struct arena *a,
                       struct department *out, int max, struct error *e);
int64_t people_count(struct conn *c, struct error *e); /* -1 on error */

#endif
