/* The design's own sample certificate and status list, with their canonical forms to the byte. */
/* clang-format off: one line of text, one element */
#ifndef CREDENTIAL_SAMPLE_H
#define CREDENTIAL_SAMPLE_H
#include <stddef.h>

static const char *const sample_credential[] = {
    "{\n",
    " \"@context\": [\n",
    "  \"https://www.w3.org/ns/credentials/v2\",\n",
    "  \"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json\"\n",
    " ],\n",
    " \"awardedDate\": \"2026-07-01T17:05:09Z\",\n",
    " \"credentialStatus\": {\n",
    "  \"id\": \"https://train.example.edu/status/1#94567\",\n",
    "  \"statusListCredential\": \"https://train.example.edu/status/1\",\n",
    "  \"statusListIndex\": \"94567\",\n",
    "  \"statusPurpose\": \"revocation\",\n",
    "  \"type\": \"BitstringStatusListEntry\"\n",
    " },\n",
    " \"credentialSubject\": {\n",
    "  \"achievement\": {\n",
    "   \"achievementType\": \"CertificateOfCompletion\",\n",
    "   \"criteria\": {\n",
    "    \"id\": \"https://train.example.edu/courses/itf/v3#criteria\",\n",
    "    \"narrative\": \"Complete 8 modules; score ≥ 80 % in the final assessment.\"\n",
    "   },\n",
    "   \"description\": \"Eight module course.\\nWith a \\\"final\\\" assessment.\",\n",
    "   \"id\": \"https://train.example.edu/courses/itf/v3\",\n",
    "   \"inLanguage\": \"en\",\n",
    "   \"name\": \"Inclusive Teaching Foundations\",\n",
    "   \"type\": [\n",
    "    \"Achievement\"\n",
    "   ],\n",
    "   \"version\": \"3\"\n",
    "  },\n",
    "  \"activityEndDate\": \"2026-07-01T17:05:09Z\",\n",
    "  \"id\": \"urn:uuid:0d4c9b1c-52d4-4c09-8a3a-8b2d6f1c0e77\",\n",
    "  \"identifier\": [\n",
    "   {\n",
    "    \"hashed\": false,\n",
    "    \"identityHash\": \"Zoë Nguyễn-O’Brien\",\n",
    "    \"identityType\": \"ext:name\",\n",
    "    \"type\": \"IdentityObject\"\n",
    "   },\n",
    "   {\n",
    "    \"hashed\": true,\n",
    "    \"identityHash\": \"sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c"
    "922ef399\",\n",
    "    \"identityType\": \"emailAddress\",\n",
    "    \"salt\": \"Kosher\",\n",
    "    \"type\": \"IdentityObject\"\n",
    "   }\n",
    "  ],\n",
    "  \"type\": [\n",
    "   \"AchievementSubject\"\n",
    "  ]\n",
    " },\n",
    " \"id\": \"https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11\""
    ",\n",
    " \"issuer\": {\n",
    "  \"id\": \"did:web:train.example.edu\",\n",
    "  \"name\": \"Example University, Center of Excellence\",\n",
    "  \"type\": [\n",
    "   \"Profile\"\n",
    "  ],\n",
    "  \"url\": \"https://train.example.edu/\"\n",
    " },\n",
    " \"name\": \"Certificate of Completion: Inclusive Teaching Foundations\",\n",
    " \"proof\": {\n",
    "  \"type\": \"DataIntegrityProof\",\n",
    "  \"cryptosuite\": \"eddsa-rdfc-2022\",\n",
    "  \"created\": \"2026-07-01T17:05:10Z\",\n",
    "  \"verificationMethod\": \"did:web:train.example.edu#z6MkvDqGT54cXesYGvABpF1UapVNwjCqR"
    "cafi4Px6Thv5T3Z\",\n",
    "  \"proofPurpose\": \"assertionMethod\",\n",
    "  \"proofValue\": \"zNCiJJ68Jcc1cpyJvGL5PqE5zjXNgFXFVXpjuE84rwZ6R3d95XYideps6cjeE5qz8iN"
    "rQfxsfBHc6BkSMWhFXhet\"\n",
    " },\n",
    " \"type\": [\n",
    "  \"VerifiableCredential\",\n",
    "  \"OpenBadgeCredential\"\n",
    " ],\n",
    " \"validFrom\": \"2026-07-01T17:05:09Z\",\n",
    " \"validUntil\": \"2029-07-01T00:00:00Z\"\n",
    "}\n",
    NULL};

static const char *const sample_canonical[] = {
    "<did:web:train.example.edu> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https"
    "://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile> .\n",
    "<did:web:train.example.edu> <https://schema.org/name> \"Example University, Center of"
    " Excellence\" .\n",
    "<did:web:train.example.edu> <https://schema.org/url> \"https://train.example.edu/\"^^<"
    "https://www.w3.org/2001/XMLSchema#anyURI> .\n",
    "<https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11> <http:"
    "//www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://purl.imsglobal.org/spec/vc/ob/v"
    "ocab.html#OpenBadgeCredential> .\n",
    "<https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11> <http:"
    "//www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/2018/credentials#Ver"
    "ifiableCredential> .\n",
    "<https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11> <https"
    "://purl.imsglobal.org/spec/vc/ob/vocab.html#awardedDate> \"2026-07-01T17:05:09Z\"^^<xs"
    "d:dateTime> .\n",
    "<https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11> <https"
    "://schema.org/name> \"Certificate of Completion: Inclusive Teaching Foundations\" .\n",
    "<https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11> <https"
    "://www.w3.org/2018/credentials#credentialStatus> <https://train.example.edu/status/1"
    "#94567> .\n",
    "<https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11> <https"
    "://www.w3.org/2018/credentials#credentialSubject> <urn:uuid:0d4c9b1c-52d4-4c09-8a3a-"
    "8b2d6f1c0e77> .\n",
    "<https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11> <https"
    "://www.w3.org/2018/credentials#issuer> <did:web:train.example.edu> .\n",
    "<https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11> <https"
    "://www.w3.org/2018/credentials#validFrom> \"2026-07-01T17:05:09Z\"^^<http://www.w3.org"
    "/2001/XMLSchema#dateTime> .\n",
    "<https://train.example.edu/certificates/7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11> <https"
    "://www.w3.org/2018/credentials#validUntil> \"2029-07-01T00:00:00Z\"^^<http://www.w3.or"
    "g/2001/XMLSchema#dateTime> .\n",
    "<https://train.example.edu/courses/itf/v3#criteria> <https://purl.imsglobal.org/spec"
    "/vc/ob/vocab.html#narrative> \"Complete 8 modules; score ≥ 80 % in the final assessme"
    "nt.\" .\n",
    "<https://train.example.edu/courses/itf/v3> <http://www.w3.org/1999/02/22-rdf-syntax-"
    "ns#type> <https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement> .\n",
    "<https://train.example.edu/courses/itf/v3> <https://purl.imsglobal.org/spec/vc/ob/vo"
    "cab.html#Criteria> <https://train.example.edu/courses/itf/v3#criteria> .\n",
    "<https://train.example.edu/courses/itf/v3> <https://purl.imsglobal.org/spec/vc/ob/vo"
    "cab.html#achievementType> \"CertificateOfCompletion\" .\n",
    "<https://train.example.edu/courses/itf/v3> <https://purl.imsglobal.org/spec/vc/ob/vo"
    "cab.html#version> \"3\" .\n",
    "<https://train.example.edu/courses/itf/v3> <https://schema.org/description> \"Eight m"
    "odule course.\\nWith a \\\"final\\\" assessment.\" .\n",
    "<https://train.example.edu/courses/itf/v3> <https://schema.org/inLanguage> \"en\" .\n",
    "<https://train.example.edu/courses/itf/v3> <https://schema.org/name> \"Inclusive Teac"
    "hing Foundations\" .\n",
    "<https://train.example.edu/status/1#94567> <http://www.w3.org/1999/02/22-rdf-syntax-"
    "ns#type> <https://www.w3.org/ns/credentials/status#BitstringStatusListEntry> .\n",
    "<https://train.example.edu/status/1#94567> <https://www.w3.org/ns/credentials/status"
    "#statusListCredential> <https://train.example.edu/status/1> .\n",
    "<https://train.example.edu/status/1#94567> <https://www.w3.org/ns/credentials/status"
    "#statusListIndex> \"94567\" .\n",
    "<https://train.example.edu/status/1#94567> <https://www.w3.org/ns/credentials/status"
    "#statusPurpose> \"revocation\" .\n",
    "<urn:uuid:0d4c9b1c-52d4-4c09-8a3a-8b2d6f1c0e77> <http://www.w3.org/1999/02/22-rdf-sy"
    "ntax-ns#type> <https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject> "
    ".\n",
    "<urn:uuid:0d4c9b1c-52d4-4c09-8a3a-8b2d6f1c0e77> <https://purl.imsglobal.org/spec/vc/"
    "ob/vocab.html#achievement> <https://train.example.edu/courses/itf/v3> .\n",
    "<urn:uuid:0d4c9b1c-52d4-4c09-8a3a-8b2d6f1c0e77> <https://purl.imsglobal.org/spec/vc/"
    "ob/vocab.html#activityEndDate> \"2026-07-01T17:05:09Z\"^^<https://www.w3.org/2001/XMLS"
    "chema#date> .\n",
    "<urn:uuid:0d4c9b1c-52d4-4c09-8a3a-8b2d6f1c0e77> <https://purl.imsglobal.org/spec/vc/"
    "ob/vocab.html#identifier> _:c14n0 .\n",
    "<urn:uuid:0d4c9b1c-52d4-4c09-8a3a-8b2d6f1c0e77> <https://purl.imsglobal.org/spec/vc/"
    "ob/vocab.html#identifier> _:c14n1 .\n",
    "_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://purl.imsglobal.or"
    "g/spec/vc/ob/vocab.html#IdentityObject> .\n",
    "_:c14n0 <https://purl.imsglobal.org/spec/vc/ob/vocab.html#hashed> \"false\"^^<https://"
    "www.w3.org/2001/XMLSchema#boolean> .\n",
    "_:c14n0 <https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityHash> \"Zoë Nguyễn-"
    "O’Brien\" .\n",
    "_:c14n0 <https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityType> \"ext:name\" ."
    "\n",
    "_:c14n1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://purl.imsglobal.or"
    "g/spec/vc/ob/vocab.html#IdentityObject> .\n",
    "_:c14n1 <https://purl.imsglobal.org/spec/vc/ob/vocab.html#hashed> \"true\"^^<https://w"
    "ww.w3.org/2001/XMLSchema#boolean> .\n",
    "_:c14n1 <https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityHash> \"sha256$b580"
    "9d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399\" .\n",
    "_:c14n1 <https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityType> \"emailAddres"
    "s\" .\n",
    "_:c14n1 <https://purl.imsglobal.org/spec/vc/ob/vocab.html#salt> \"Kosher\" .\n",
    NULL};

static const char *const sample_proof_canonical[] = {
    "_:c14n0 <http://purl.org/dc/terms/created> \"2026-07-01T17:05:10Z\"^^<http://www.w3.or"
    "g/2001/XMLSchema#dateTime> .\n",
    "_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security"
    "#DataIntegrityProof> .\n",
    "_:c14n0 <https://w3id.org/security#cryptosuite> \"eddsa-rdfc-2022\"^^<https://w3id.org"
    "/security#cryptosuiteString> .\n",
    "_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertio"
    "nMethod> .\n",
    "_:c14n0 <https://w3id.org/security#verificationMethod> <did:web:train.example.edu#z6"
    "MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z> .\n",
    NULL};

static const char *const sample_list[] = {
    "{\n",
    " \"@context\": [\"https://www.w3.org/ns/credentials/v2\"],\n",
    " \"id\": \"https://train.example.edu/status/1\",\n",
    " \"type\": [\"VerifiableCredential\", \"BitstringStatusListCredential\"],\n",
    " \"issuer\": \"did:web:train.example.edu\",\n",
    " \"validFrom\": \"2026-07-01T17:05:09Z\",\n",
    " \"validUntil\": \"2029-07-01T00:00:00Z\",\n",
    " \"credentialSubject\": {\n",
    "  \"id\": \"https://train.example.edu/status/1#list\",\n",
    "  \"type\": \"BitstringStatusList\",\n",
    "  \"statusPurpose\": \"revocation\",\n",
    "  \"encodedList\": \"uH4sIAAAAAAACA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQ"
    "AAA\"\n",
    " }\n",
    "}\n",
    NULL};

static const char *const sample_list_canonical[] = {
    "<https://train.example.edu/status/1#list> <http://www.w3.org/1999/02/22-rdf-syntax-n"
    "s#type> <https://www.w3.org/ns/credentials/status#BitstringStatusList> .\n",
    "<https://train.example.edu/status/1#list> <https://www.w3.org/ns/credentials/status#"
    "encodedList> \"uH4sIAAAAAAACA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA\""
    "^^<https://w3id.org/security#multibase> .\n",
    "<https://train.example.edu/status/1#list> <https://www.w3.org/ns/credentials/status#"
    "statusPurpose> \"revocation\" .\n",
    "<https://train.example.edu/status/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#typ"
    "e> <https://www.w3.org/2018/credentials#VerifiableCredential> .\n",
    "<https://train.example.edu/status/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#typ"
    "e> <https://www.w3.org/ns/credentials/status#BitstringStatusListCredential> .\n",
    "<https://train.example.edu/status/1> <https://www.w3.org/2018/credentials#credential"
    "Subject> <https://train.example.edu/status/1#list> .\n",
    "<https://train.example.edu/status/1> <https://www.w3.org/2018/credentials#issuer> <d"
    "id:web:train.example.edu> .\n",
    "<https://train.example.edu/status/1> <https://www.w3.org/2018/credentials#validFrom>"
    " \"2026-07-01T17:05:09Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n",
    "<https://train.example.edu/status/1> <https://www.w3.org/2018/credentials#validUntil"
    "> \"2029-07-01T00:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n",
    NULL};

#endif
