/* Proportions and their intervals. */
#ifndef REPORT_RATES_H
#define REPORT_RATES_H
#include <stdbool.h>
#include <stdint.h>

struct rate {
    bool known; /* false when there is nothing to divide by; the numbers are 0 then */
    double value, low, high;
};

/*
 * part/whole with the Wilson score interval at 95 % (Wilson 1927; without continuity correction, as
 * R's prop.test(correct = FALSE) gives it). Not known when whole <= 0 or part is not in 0 … whole.
 */
struct rate rate_wilson(int64_t part, int64_t whole);

#endif
