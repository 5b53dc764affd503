"""Persons who asked to be forgotten: who that is, what is taken out where, and the proof.

register: the file that keeps an erasure in force, without a person's data in it. subject: whom a
request means, by the identities of the build. rewrite: the files below the home. erase: the order
of it all, which a run that follows a killed one takes up. What is taken out of a text, and what
stands there instead, is decided in pipelines/ingest/redact.py alone.
"""
