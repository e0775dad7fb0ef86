/* Between signin.c and password.c only. */
#ifndef LEARNING_SIGNIN_INTERNAL_H
#define LEARNING_SIGNIN_INTERNAL_H
#include "learning/signin.h"

void session_token(char token[TOKEN_TEXT]);
instant session_life(const struct settings *s, bool shared);
/* Inside a closure. */
int session_open(struct conn *c, int64_t person, bool shared, instant at, instant life,
                 const char *token, struct error *e);

#endif
