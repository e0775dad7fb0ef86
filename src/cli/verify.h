/* What the parts of `understory verify` share. */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H
#include "cli/command.h"
#include "credential/open.h"
#include "credential/verify.h"

struct verify_online_options {
    bool pinned;       /* the did document came from a pin: the host must still list the key */
    bool at_given;     /* judged as of a time that was given, not of now */
    bool status_given; /* the status list was given by name; else the host's is asked for */
};

/* Judges, asking the issuer's own host by https for what is missing. Nothing is asked about a file
 * that is no certificate, or whose key is not its issuer's. -1 and e for errors of ours. */
int verify_online(struct command_line *c, const struct verify_online_options *o,
                  struct verify_input *in, struct verify_report *r, struct error *e);

void verify_print_text(const struct verify_report *r);
void verify_print_json(const struct verify_report *r, enum file_kind kind);

#endif
