#include "report/rates.h"
#include <math.h>

#define Z_975 1.959963984540054 /* the standard normal's .975 quantile */

struct rate rate_wilson(int64_t part, int64_t whole)
{
    if (whole <= 0 || part < 0 || part > whole)
        return (struct rate){0};
    double n = (double)whole, p = (double)part / n, z2 = Z_975 * Z_975;
    double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z_975 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    /* At the ends the bound is exact in arithmetic, but not in floating point. */
    return (struct rate){.known = true,
                         .value = p,
                         .low = part == 0 ? 0 : centre - half,
                         .high = part == whole ? 1 : centre + half};
}
