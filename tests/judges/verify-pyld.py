"""A third judge: Debian's PyLD canonicalizes (RDFC-1.0, there under its older name URDNA2015), and
OpenSSL checks the signature. It knows contexts and did document from what it is given and asks nobody.
It knows nothing of dates and status lists: what it says is that the issuer signed this.

Standard input: {"contexts": {URL: document}, "did": {…}, "credentials": [{…}, …]}.
Standard output: a list, for each credential null, or why it is refused.
"""
import base64
import hashlib
import json
import subprocess
import sys
import tempfile

from pyld import jsonld

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SUBJECT_PUBLIC_KEY_INFO = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: Ed25519


def multibase(text):
    if text[:1] != "z":
        raise ValueError("not base58btc")
    number = 0
    for character in text[1:]:
        number = number * 58 + ALPHABET.index(character)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def canonical(document):
    return jsonld.normalize(document, {"algorithm": "URDNA2015", "format": "application/n-quads"})


def issuer_key(did, credential, proof):
    """The 32 bytes of the key, if the issuer's did document says that it may make this proof."""
    issuer = credential["issuer"]
    method = proof["verificationMethod"]
    if did["id"] != (issuer if isinstance(issuer, str) else issuer["id"]):
        raise ValueError("another issuer's did document")
    found = [m for m in did["verificationMethod"] if m["id"] == method and m["controller"] == did["id"]]
    if len(found) != 1 or method not in did["assertionMethod"]:
        raise ValueError("the key is not the issuer's")
    key = multibase(found[0]["publicKeyMultibase"])
    if key[:2] != b"\xed\x01" or len(key) != 34:
        raise ValueError("not an Ed25519 key")
    return key[2:]


def signature_holds(key, message, signature):
    with tempfile.NamedTemporaryFile() as k, tempfile.NamedTemporaryFile() as m, tempfile.NamedTemporaryFile() as s:
        pem = base64.b64encode(SUBJECT_PUBLIC_KEY_INFO + key).decode()
        for file, content in ((k, f"-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n".encode()),
                              (m, message), (s, signature)):
            file.write(content)
            file.flush()
        done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", k.name, "-rawin", "-in", m.name,
                               "-sigfile", s.name], capture_output=True, check=False)
        return done.returncode == 0


def judge(did, credential):
    document = dict(credential)
    proof = document.pop("proof")
    if proof["type"] != "DataIntegrityProof" or proof["cryptosuite"] != "eddsa-rdfc-2022":
        raise ValueError("another kind of proof")
    if proof["proofPurpose"] != "assertionMethod":
        raise ValueError("another purpose")
    options = {"@context": document["@context"], **proof}
    signature = multibase(options.pop("proofValue"))
    message = b"".join(hashlib.sha256(canonical(part).encode()).digest() for part in (options, document))
    if not signature_holds(issuer_key(did, credential, proof), message, signature):
        raise ValueError("the signature does not hold")


def main():
    given = json.load(sys.stdin)

    def loader(url, _options=None):
        if url not in given["contexts"]:
            raise ValueError(f"not available offline: {url}")
        return {"contextUrl": None, "documentUrl": url, "contentType": "application/ld+json",
                "document": given["contexts"][url]}

    jsonld.set_document_loader(loader)
    answers = []
    for credential in given["credentials"]:
        try:
            judge(given["did"], credential)
            answers.append(None)
        except Exception as reason:  # whatever is wrong with it: this judge refuses it
            answers.append(str(reason).split("\n", 1)[0] or type(reason).__name__)
    json.dump(answers, sys.stdout)


main()
