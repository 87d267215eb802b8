"""Operations on a whole store: startup, seeding, audit, consistency check, reprojection."""
