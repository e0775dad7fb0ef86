/* Where a certificate can go from here: links that its holder may follow. Nothing is sent anywhere,
 * and nothing is loaded from there, before somebody does. */
#ifndef PAGES_ELSEWHERE_VIEW_H
#define PAGES_ELSEWHERE_VIEW_H
#include "pages/claims_view.h"

/* "linkedin_href": LinkedIn's own form, filled in; "" unless the certificate is valid and its link
 * is shared. "credential_url": the whole address of the signed file, for a wallet. */
void view_elsewhere(cJSON *view, struct request *rq, const struct certificate *c,
                    const struct verify_report *r);

#endif
