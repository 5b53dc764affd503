"""The doors of a release: how tools that people have already get at what was published.

Read-only over the published release; nothing here decides a figure, and no door that is shut keeps
a release from the others.
"""
