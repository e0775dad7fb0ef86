/* Which source this binary was made from: "0.1.0 (8cf0dc1f2a3b)". */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

const char *version_line(void);

#endif
