-- name: sunset_state
-- scan: counts of the whole site, on the day that it is written down for good
SELECT (SELECT COUNT(*) FROM certificate), (SELECT COUNT(*) FROM certificate_revocation),
       (SELECT COALESCE(SUM(id), 0) FROM certificate WHERE shared = 1),
       (SELECT COUNT(*) FROM certificate_pending)
