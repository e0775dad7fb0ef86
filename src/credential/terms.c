#include "credential/terms.h"
#include <string.h>

#define VC     "https://www.w3.org/2018/credentials#"
#define STATUS "https://www.w3.org/ns/credentials/status#"
#define OB     "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
#define SCHEMA "https://schema.org/"
#define SEC    "https://w3id.org/security#"

/* The v2 context writes xsd with http:, the Open Badges context with https:, and for awardedDate
 * with a prefix that it never defines: so the datatype is <xsd:dateTime>. */
#define W3C_TIME   "http://www.w3.org/2001/XMLSchema#dateTime"
#define OB_XSD     "https://www.w3.org/2001/XMLSchema#"
#define OB_AWARDED "xsd:dateTime"

/* Columns 4 to 8 of a row without a predicate, and 5 to 8 of a plain string. */
#define SILENT  NULL, NULL, CHECK_NONE, NULL, 0
#define TEXT(c) NULL, c, NULL, 0
#define OPT     TERM_OPTIONAL

const struct term terms[] = {
    /* node, member, kind, predicate, datatype or constant, check, exact value, object, flags */
    {NODE_CREDENTIAL, "@context", TERM_CONTEXT, SILENT, TERM_LIST},
    {NODE_CREDENTIAL, "id", TERM_ID, NULL, TEXT(CHECK_PAGE), 0},
    {NODE_CREDENTIAL, "type", TERM_TYPE, SILENT, TERM_LIST},
    {NODE_CREDENTIAL, "name", TERM_LITERAL, SCHEMA "name", TEXT(CHECK_LINE), 0},
    {NODE_CREDENTIAL, "issuer", TERM_NODE, VC "issuer", NULL, CHECK_NONE, NULL, NODE_ISSUER, 0},
    {NODE_CREDENTIAL, "validFrom", TERM_LITERAL, VC "validFrom", W3C_TIME, CHECK_TIME, NULL, 0, 0},
    {NODE_CREDENTIAL, "validUntil", TERM_LITERAL, VC "validUntil", W3C_TIME, CHECK_TIME, NULL, 0,
     OPT},
    {NODE_CREDENTIAL, "awardedDate", TERM_LITERAL, OB "awardedDate", OB_AWARDED, CHECK_TIME, NULL,
     0, 0},
    {NODE_CREDENTIAL, "credentialSubject", TERM_NODE, VC "credentialSubject", NULL, CHECK_NONE,
     NULL, NODE_SUBJECT, 0},
    {NODE_CREDENTIAL, "evidence", TERM_NODE, VC "evidence", NULL, CHECK_NONE, NULL, NODE_EVIDENCE,
     OPT | TERM_LIST},
    {NODE_CREDENTIAL, "credentialStatus", TERM_NODE, VC "credentialStatus", NULL, CHECK_NONE, NULL,
     NODE_STATUS, 0},
    {NODE_CREDENTIAL, "proof", TERM_UNSIGNED, NULL, NULL, CHECK_NONE, NULL, NODE_PROOF, 0},

    {NODE_ISSUER, "id", TERM_ID, NULL, TEXT(CHECK_DID), 0},
    {NODE_ISSUER, "type", TERM_TYPE, SILENT, TERM_LIST},
    {NODE_ISSUER, "name", TERM_LITERAL, SCHEMA "name", TEXT(CHECK_LINE), 0},
    {NODE_ISSUER, "url", TERM_LITERAL, SCHEMA "url", OB_XSD "anyURI", CHECK_PAGE, NULL, 0, OPT},

    {NODE_SUBJECT, "id", TERM_ID, NULL, TEXT(CHECK_UUID), 0},
    {NODE_SUBJECT, "type", TERM_TYPE, SILENT, TERM_LIST},
    {NODE_SUBJECT, "identifier", TERM_NODE, OB "identifier", NULL, CHECK_NONE, NULL, NODE_IDENTITY,
     TERM_LIST},
    {NODE_SUBJECT, "activityEndDate", TERM_LITERAL, OB "activityEndDate", OB_XSD "date", CHECK_TIME,
     NULL, 0, OPT},
    {NODE_SUBJECT, "achievement", TERM_NODE, OB "achievement", NULL, CHECK_NONE, NULL,
     NODE_ACHIEVEMENT, 0},

    {NODE_IDENTITY, "type", TERM_TYPE, SILENT, 0},
    {NODE_IDENTITY, "identityHash", TERM_LITERAL, OB "identityHash", TEXT(CHECK_LINE), 0},
    {NODE_IDENTITY, "identityType", TERM_LITERAL, OB "identityType", TEXT(CHECK_LINE), 0},
    {NODE_IDENTITY, "hashed", TERM_LITERAL, OB "hashed", OB_XSD "boolean", CHECK_BOOL, NULL, 0, 0},
    {NODE_IDENTITY, "salt", TERM_LITERAL, OB "salt", TEXT(CHECK_LINE), OPT},

    {NODE_ACHIEVEMENT, "id", TERM_ID, NULL, TEXT(CHECK_PAGE), 0},
    {NODE_ACHIEVEMENT, "type", TERM_TYPE, SILENT, TERM_LIST},
    {NODE_ACHIEVEMENT, "achievementType", TERM_LITERAL, OB "achievementType", NULL, CHECK_EXACT,
     "CertificateOfCompletion", 0, 0},
    {NODE_ACHIEVEMENT, "name", TERM_LITERAL, SCHEMA "name", TEXT(CHECK_LINE), 0},
    {NODE_ACHIEVEMENT, "description", TERM_LITERAL, SCHEMA "description", TEXT(CHECK_BLOCK), 0},
    {NODE_ACHIEVEMENT, "version", TERM_LITERAL, OB "version", TEXT(CHECK_LINE), OPT},
    {NODE_ACHIEVEMENT, "inLanguage", TERM_LITERAL, SCHEMA "inLanguage", TEXT(CHECK_LINE), OPT},
    /* The context maps `criteria` to …#Criteria, with a capital letter. */
    {NODE_ACHIEVEMENT, "criteria", TERM_NODE, OB "Criteria", NULL, CHECK_NONE, NULL, NODE_CRITERIA,
     0},

    {NODE_CRITERIA, "id", TERM_ID, NULL, TEXT(CHECK_PAGE), 0},
    {NODE_CRITERIA, "narrative", TERM_LITERAL, OB "narrative", TEXT(CHECK_BLOCK), 0},

    {NODE_EVIDENCE, "id", TERM_ID, NULL, TEXT(CHECK_PAGE), 0},
    {NODE_EVIDENCE, "type", TERM_TYPE, SILENT, TERM_LIST},
    {NODE_EVIDENCE, "genre", TERM_LITERAL, SCHEMA "genre", NULL, CHECK_EXACT, "tlog-checkpoint", 0,
     0},
    {NODE_EVIDENCE, "narrative", TERM_LITERAL, OB "narrative", TEXT(CHECK_BLOCK), 0},

    {NODE_STATUS, "id", TERM_ID, NULL, TEXT(CHECK_PAGE), 0},
    {NODE_STATUS, "type", TERM_TYPE, SILENT, 0},
    {NODE_STATUS, "statusPurpose", TERM_LITERAL, STATUS "statusPurpose", NULL, CHECK_EXACT,
     "revocation", 0, 0},
    {NODE_STATUS, "statusListIndex", TERM_LITERAL, STATUS "statusListIndex", TEXT(CHECK_NUMBER), 0},
    {NODE_STATUS, "statusListCredential", TERM_IRI, STATUS "statusListCredential", TEXT(CHECK_PAGE),
     0},

    {NODE_LIST_CREDENTIAL, "@context", TERM_CONTEXT, SILENT, TERM_LIST},
    {NODE_LIST_CREDENTIAL, "id", TERM_ID, NULL, TEXT(CHECK_PAGE), 0},
    {NODE_LIST_CREDENTIAL, "type", TERM_TYPE, SILENT, TERM_LIST},
    {NODE_LIST_CREDENTIAL, "issuer", TERM_IRI, VC "issuer", TEXT(CHECK_DID), 0},
    {NODE_LIST_CREDENTIAL, "validFrom", TERM_LITERAL, VC "validFrom", W3C_TIME, CHECK_TIME, NULL, 0,
     0},
    {NODE_LIST_CREDENTIAL, "validUntil", TERM_LITERAL, VC "validUntil", W3C_TIME, CHECK_TIME, NULL,
     0, 0},
    {NODE_LIST_CREDENTIAL, "credentialSubject", TERM_NODE, VC "credentialSubject", NULL, CHECK_NONE,
     NULL, NODE_LIST, 0},
    {NODE_LIST_CREDENTIAL, "proof", TERM_UNSIGNED, NULL, NULL, CHECK_NONE, NULL, NODE_PROOF, 0},

    {NODE_LIST, "id", TERM_ID, NULL, TEXT(CHECK_PAGE), 0},
    {NODE_LIST, "type", TERM_TYPE, SILENT, 0},
    {NODE_LIST, "statusPurpose", TERM_LITERAL, STATUS "statusPurpose", NULL, CHECK_EXACT,
     "revocation", 0, 0},
    {NODE_LIST, "encodedList", TERM_LITERAL, STATUS "encodedList", SEC "multibase", CHECK_MULTIBASE,
     NULL, 0, 0},

    {NODE_PROOF, "type", TERM_TYPE, SILENT, 0},
    {NODE_PROOF, "cryptosuite", TERM_LITERAL, SEC "cryptosuite", SEC "cryptosuiteString",
     CHECK_EXACT, SUITE_RDFC, 0, 0},
    {NODE_PROOF, "created", TERM_LITERAL, "http://purl.org/dc/terms/created", W3C_TIME, CHECK_TIME,
     NULL, 0, 0},
    {NODE_PROOF, "verificationMethod", TERM_IRI, SEC "verificationMethod", TEXT(CHECK_KEY_ID), 0},
    {NODE_PROOF, "proofPurpose", TERM_CONSTANT, SEC "proofPurpose", SEC "assertionMethod",
     CHECK_EXACT, "assertionMethod", 0, 0},
    {NODE_PROOF, "proofValue", TERM_UNSIGNED, NULL, NULL, CHECK_MULTIBASE, NULL, 0, 0},

    /* Its own @context stands in it and is signed (cryptosuite §3.3.1); no statements are made. */
    {NODE_PROOF_JCS, "@context", TERM_CONTEXT, SILENT, TERM_LIST},
    {NODE_PROOF_JCS, "type", TERM_TYPE, SILENT, 0},
    {NODE_PROOF_JCS, "cryptosuite", TERM_UNSIGNED, NULL, NULL, CHECK_EXACT, SUITE_JCS, 0, 0},
    {NODE_PROOF_JCS, "created", TERM_UNSIGNED, NULL, TEXT(CHECK_TIME), 0},
    {NODE_PROOF_JCS, "verificationMethod", TERM_UNSIGNED, NULL, TEXT(CHECK_KEY_ID), 0},
    {NODE_PROOF_JCS, "proofPurpose", TERM_UNSIGNED, NULL, NULL, CHECK_EXACT, "assertionMethod", 0,
     0},
    {NODE_PROOF_JCS, "proofValue", TERM_UNSIGNED, NULL, NULL, CHECK_MULTIBASE, NULL, 0, 0},
};
const size_t terms_count = sizeof terms / sizeof terms[0];

const struct node_type node_types[] = {
    {NODE_CREDENTIAL, "VerifiableCredential", VC "VerifiableCredential"},
    {NODE_CREDENTIAL, "OpenBadgeCredential", OB "OpenBadgeCredential"},
    {NODE_ISSUER, "Profile", OB "Profile"},
    {NODE_SUBJECT, "AchievementSubject", OB "AchievementSubject"},
    {NODE_IDENTITY, "IdentityObject", OB "IdentityObject"},
    {NODE_ACHIEVEMENT, "Achievement", OB "Achievement"},
    {NODE_EVIDENCE, "Evidence", OB "Evidence"},
    {NODE_STATUS, "BitstringStatusListEntry", STATUS "BitstringStatusListEntry"},
    {NODE_LIST_CREDENTIAL, "VerifiableCredential", VC "VerifiableCredential"},
    {NODE_LIST_CREDENTIAL, "BitstringStatusListCredential", STATUS "BitstringStatusListCredential"},
    {NODE_LIST, "BitstringStatusList", STATUS "BitstringStatusList"},
    {NODE_PROOF, "DataIntegrityProof", SEC "DataIntegrityProof"},
    {NODE_PROOF_JCS, "DataIntegrityProof", SEC "DataIntegrityProof"},
};
const size_t node_types_count = sizeof node_types / sizeof node_types[0];

const struct term *term_find(enum node in, const char *member)
{
    for (size_t i = 0; i < terms_count; i++)
        if (terms[i].in == in && terms[i].member[0] == member[0] &&
            strcmp(terms[i].member, member) == 0)
            return &terms[i];
    return NULL;
}

const char *node_type_iri(enum node in, const char *name)
{
    for (size_t i = 0; i < node_types_count; i++)
        if (node_types[i].in == in && strcmp(node_types[i].name, name) == 0)
            return node_types[i].iri;
    return NULL;
}

bool term_is_iri(const char *s)
{
    if (!strchr(s, ':') || s[0] == ':' || s[0] == '_')
        return false;
    for (; *s; s++)
        if ((unsigned char)*s <= 0x20 || (unsigned char)*s >= 0x7F || strchr("<>\"{}|^`\\", *s))
            return false;
    return true;
}
