/*
 * The files of a bundle (bundle.zip), which a holder keeps for checking offline. These names and
 * no others, each at most once; all but the first may be missing.
 */
#ifndef CREDENTIAL_BUNDLE_H
#define CREDENTIAL_BUNDLE_H

#define BUNDLE_CREDENTIAL "credential.json" /* as it was frozen */
#define BUNDLE_DID        "did.json"        /* the issuer's keys when the bundle was made */
#define BUNDLE_STATUS     "status.json"     /* the signed status list of that time */
#define BUNDLE_PROOF      "log-proof.txt"   /* note.h: inclusion proof with its checkpoint */
#define BUNDLE_CONSISTENCY                                                                         \
    "log-consistency.txt"                  /* note.h: from the credential's checkpoint to it */
#define BUNDLE_CHECKPOINT "checkpoint.txt" /* that checkpoint alone */

#define BUNDLE_MOST_FILES 6

#endif
