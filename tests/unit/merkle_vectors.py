"""Roots and proofs of RFC 6962 section 2.1, written down as the RFC defines them: by recursion over the list
of leaves. test_credential_log.c runs this and compares what src/credential/merkle.c makes of the same leaves:
leaf i is the SHA-256 of the text "leaf i".

    root SIZE HASH
    inclusion INDEX SIZE HASH...
    consistency FROM TO HASH...
"""
import hashlib

ALL = 33           # every proof in every tree up to here
SOME = [255, 256, 257, 511, 1000]


def sha(b):
    return hashlib.sha256(b).digest()


LEAVES = [sha(b"leaf %d" % i) for i in range(max(SOME))]


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


memory = {}


def mth(a, b):
    if (a, b) not in memory:
        if a == b:
            memory[a, b] = sha(b"")
        elif b - a == 1:
            memory[a, b] = sha(b"\0" + LEAVES[a])
        else:
            k = split(b - a)
            memory[a, b] = sha(b"\1" + mth(a, a + k) + mth(a + k, b))
    return memory[a, b]


def path(m, a, b):
    if b - a == 1:
        return []
    k = split(b - a)
    if m < k:
        return path(m, a, a + k) + [mth(a + k, b)]
    return path(m - k, a + k, b) + [mth(a, a + k)]


def subproof(m, a, b, whole):
    if m == b - a:
        return [] if whole else [mth(a, b)]
    k = split(b - a)
    if m <= k:
        return subproof(m, a, a + k, whole) + [mth(a + k, b)]
    return subproof(m - k, a + k, b, False) + [mth(a, a + k)]


def say(*words):
    print(*[w.hex() if isinstance(w, bytes) else w for w in words])


for n in list(range(ALL + 1)) + SOME:
    say("root", n, mth(0, n))
    for m in range(n) if n <= ALL else [0, 1, n // 2, n - 2, n - 1]:
        say("inclusion", m, n, *path(m, 0, n))
    for m in range(1, n + 1) if n <= ALL else [1, 2, 3, n // 2, 128, n - 1, n]:
        say("consistency", m, n, *subproof(m, 0, n, True))
