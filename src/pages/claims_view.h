/* A certificate, checked and put into views: its verdict in one word, its claims, its steps. */
#ifndef PAGES_CLAIMS_VIEW_H
#define PAGES_CLAIMS_VIEW_H
#include "credential/open.h"
#include "credential/verify.h"
#include "learning/certificate.h"
#include "pages/view.h"

/*
 * Verifies a stored certificate with this site's own did document and own status list at rq->now.
 * While no key can sign a list, the records that it is made from stand in its place; what they say
 * was revoked is called so whatever else can be checked at this moment. The report is in the arena.
 * -1 only for errors of ours.
 */
int claims_check_certificate(struct request *rq, struct conn *c, const struct certificate *it,
                             struct verify_report *out, struct error *e);

/* The same for what somebody handed in, which is one of ours when the records have it word for
 * word. Another issuer's keys are those that are pinned here
 * (DATA/trust); its status list may come along in a bundle. */
int claims_check_opened(struct request *rq, struct conn *c, const struct opened *file,
                        struct verify_report *out, struct error *e);

/* The certificate of a public code. ERROR_NOT_FOUND alike for every code that is not known here,
 * and ERROR_TOO_MANY when one network asks for many of those. */
int claims_find(struct request *rq, struct conn *c, const char *code, struct certificate *out,
                struct error *e);

/* The same, for whoever wants one of its files: ERROR_FORBIDDEN when it was superseded or its
 * holder keeps its link to themselves. The holder, signed in, gets them all the same. */
int claims_find_file(struct request *rq, struct conn *c, const char *code, struct certificate *out,
                     struct error *e);

/* "verdict" (a stable key), "word" ("Valid"), "verdict_class", "words", "checked", and the steps as
 * view_steps has them. */
void view_verdict(cJSON *view, struct request *rq, const struct verify_report *r);
const char *verdict_word(const struct verify_report *r);

/* "steps": [{name, ok, open, class, result, words, detail}]: what was checked, in a clerk's words,
 * with what the verifier says of it as detail; open: it could not be checked. "stopped": the
 * later ones were not looked at. */
void view_steps(cJSON *view, struct request *rq, const struct verify_report *r);

/* "claims": [{key, label, lines}], each signed claim as a person reads it, and "key" and
 * "fingerprint" of who signed. Nothing when the report has none (the signature does not hold). */
void view_claims(cJSON *view, struct request *rq, const struct verify_report *r);
/* "signed": [{name, value}], every signed member of bytes whose signature holds, as it stands
 * there. */
void view_signed(cJSON *view, struct request *rq, const char *bytes, size_t n);

/* Text cut at its line breaks: a list of strings. */
void view_lines(cJSON *view, const char *name, struct request *rq, const char *text);
/* words_date of a signed time ("" when there is none). */
const char *words_signed_date(struct request *rq, const char *rfc3339);
/* The public link's code in groups: "01ABC-DEF23-…". */
const char *words_code(struct arena *a, const char *token);

#endif
