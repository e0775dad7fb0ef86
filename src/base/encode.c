#include "base/encode.h"
#include "base/memory.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

char *hex_encode(struct arena *a, const void *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = p;
    char *out = arena_array(a, n + 1, 2);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    return out;
}

int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_decode(const char *s, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int high = hex_value(s[2 * i]);
        int low = high < 0 ? -1 : hex_value(s[2 * i + 1]);
        if (low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return s[2 * n] == '\0';
}

static char *encode(struct arena *a, const void *p, size_t n, int variant)
{
    if (n > SIZE_MAX / 2)
        memory_exhausted();
    size_t size = sodium_base64_encoded_len(n, variant);
    return sodium_bin2base64(arena_alloc(a, size), size, p, n, variant);
}

/*
 * libsodium refuses wrong padding and non-zero trailing bits, so one text has one meaning; but
 * 1.0.18 takes some bytes above ASCII for digits, so the alphabet is checked here.
 */
static uint8_t *decode(struct arena *a, const char *s, size_t n, size_t *out_n, const char *others,
                       int variant)
{
    for (size_t i = 0; i < n; i++) {
        bool letter = (s[i] >= 'A' && s[i] <= 'Z') || (s[i] >= 'a' && s[i] <= 'z');
        if (!letter && !(s[i] >= '0' && s[i] <= '9') && !(s[i] && strchr(others, s[i])))
            return NULL;
    }
    size_t size = n / 4 * 3 + 3;
    uint8_t *out = arena_alloc(a, size + 1);
    return sodium_base642bin(out, size, s, n, NULL, out_n, NULL, variant) == 0 ? out : NULL;
}

char *base64url_encode(struct arena *a, const void *p, size_t n)
{
    return encode(a, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

uint8_t *base64url_decode(struct arena *a, const char *s, size_t n, size_t *out_n)
{
    return decode(a, s, n, out_n, "-_", sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

char *base64_encode(struct arena *a, const void *p, size_t n)
{
    return encode(a, p, n, sodium_base64_VARIANT_ORIGINAL);
}

uint8_t *base64_decode(struct arena *a, const char *s, size_t n, size_t *out_n)
{
    return decode(a, s, n, out_n, "+/=", sodium_base64_VARIANT_ORIGINAL);
}

static const char base58_alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/*
 * Long division by repeated multiply-and-add into `limbs` (least significant first, in base
 * `base`); quadratic, which is why decoding is capped.
 */
static inline size_t multiply_add(uint32_t *limbs, size_t count, uint64_t base, uint32_t factor,
                                  uint64_t carry)
{
    for (size_t i = 0; i < count; i++) {
        carry += (uint64_t)limbs[i] * factor;
        limbs[i] = (uint32_t)(carry % base);
        carry /= base;
    }
    if (carry)
        limbs[count++] = (uint32_t)carry;
    return count;
}

#define LIMB_DIGITS 5 /* 58^5 fits in 32 bits */
#define LIMB_BASE   UINT64_C(656356768)

char *base58_encode(struct arena *a, const void *p, size_t n)
{
    const uint8_t *bytes = p;
    size_t zeros = 0, count = 0;
    while (zeros < n && bytes[zeros] == 0)
        zeros++;
    uint32_t *limbs = arena_array(a, n / 3 + 1, sizeof *limbs); /* one holds more than 29 bits */
    for (size_t i = zeros; i < n; i++)
        count = multiply_add(limbs, count, LIMB_BASE, 256, bytes[i]);
    char *digits = arena_alloc(a, zeros + count * LIMB_DIGITS + 1), *first = digits;
    for (size_t i = 0; i < count; i++)
        for (size_t k = LIMB_DIGITS; k-- > 0; limbs[i] /= 58)
            digits[zeros + (count - 1 - i) * LIMB_DIGITS + k] = base58_alphabet[limbs[i] % 58];
    /* The highest limb may begin with zeros, which are no digits of the number. */
    while (count && first[zeros] == base58_alphabet[0])
        first++;
    memset(first, base58_alphabet[0], zeros);
    return first;
}

uint8_t *base58_decode(struct arena *a, const char *s, size_t n, size_t *out_n)
{
    enum { MOST = 256 };
    uint32_t limbs[MOST / 4]; /* a digit is less than six bits */
    size_t zeros = 0, count = 0;
    if (n > MOST)
        return NULL;
    while (zeros < n && s[zeros] == base58_alphabet[0])
        zeros++;
    for (size_t i = zeros; i < n; i++) {
        const char *at = s[i] ? strchr(base58_alphabet, s[i]) : NULL;
        if (!at)
            return NULL;
        count = multiply_add(limbs, count, UINT64_C(1) << 32, 58, (uint64_t)(at - base58_alphabet));
    }
    uint8_t *out = arena_alloc(a, zeros + 4 * count + 1);
    size_t length = zeros;
    for (size_t i = 4 * count; i-- > 0;) {
        uint8_t byte = (uint8_t)(limbs[i / 4] >> (8 * (i % 4)));
        if (byte || length > zeros)
            out[length++] = byte;
    }
    *out_n = length;
    return out;
}

static const char crockford_alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void crockford_encode(const uint8_t bytes[16], char out[27])
{
    /* 130 bits: two zero bits, then the 128; character i holds bits 5i-2 to 5i+2 of the 128. */
    for (int i = 0; i < 26; i++) {
        unsigned value = 0;
        for (int bit = 5 * i - 2; bit < 5 * i + 3; bit++) {
            unsigned one = bit < 0 ? 0 : (unsigned)(bytes[bit / 8] >> (7 - bit % 8)) & 1u;
            value = value << 1 | one;
        }
        out[i] = crockford_alphabet[value];
    }
    out[26] = '\0';
}

static int crockford_value(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'I' || c == 'L')
        c = '1';
    if (c == 'O')
        c = '0';
    const char *at = c ? strchr(crockford_alphabet, c) : NULL;
    return at ? (int)(at - crockford_alphabet) : -1;
}

bool crockford_decode(const char *s, uint8_t out[16])
{
    int count = 0;
    memset(out, 0, 16);
    for (; *s; s++) {
        if (*s == '-' || *s == ' ')
            continue;
        int value = crockford_value(*s);
        if (value < 0 || count == 26 || (count == 0 && value > 7))
            return false;
        for (int k = 0; k < 5; k++) {
            int bit = 5 * count - 2 + k;
            if (bit >= 0 && (value >> (4 - k) & 1))
                out[bit / 8] = (uint8_t)(out[bit / 8] | 1u << (7 - bit % 8));
        }
        count++;
    }
    return count == 26;
}
