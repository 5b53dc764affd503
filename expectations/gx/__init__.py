"""What people who know Great Expectations are given: a context of theirs, and Data Docs."""
