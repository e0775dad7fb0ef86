/* The control commands of `understory certificate` (control.h). */
#ifndef CLI_CERTIFICATE_H
#define CLI_CERTIFICATE_H
#include "cli/control.h"

int certificate_show_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);
int certificate_list_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);
int certificate_revoke_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);
int certificate_supersede_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

#endif
