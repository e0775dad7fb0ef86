/* The files of a certificate, as pages offer them. */
#ifndef PAGES_CERTIFICATE_FILES_H
#define PAGES_CERTIFICATE_FILES_H
#include "learning/certificate.h"
#include "pages/view.h"

/* "files": {pdf_href, paper, other_pdf_href, other_paper, png_href, credential_href, twin_href,
 * bundle_href}. The papers are words; pdf_href, png_href and twin_href are "" where
 * there is no such file. */
void view_files(cJSON *view, struct request *rq, const struct certificate *c);

#endif
