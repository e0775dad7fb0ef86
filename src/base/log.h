/* The server's log: one line of text on standard error per event. Lines hold ids, never names,
 * addresses or tokens. Whole lines are written at once, so threads do not interleave. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

void log_set_level(enum log_level lowest); /* once, in main, before threads start */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
