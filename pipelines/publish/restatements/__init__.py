"""The restatement ledger: which figures of a past month a release changed, by how much, and why.

A figure is watched per month, and per channel or platform where it has one. Two releases are held
against each other as of the earlier of their clocks: what happened later, the earlier one could
not know. Each figure that differs is a row of meta.restatements, with the first cause of CAUSES
for which there is evidence in the rows of both releases. The ledger says what readers saw: it is
handed on from release to release and only ever grows.

Who writes it, and when, is decided in swap.py.
"""

from pipelines.publish.restatements.ledger import write_ledger

__all__ = ["write_ledger"]
