"""The line from exports to releases, in the order in which a run goes through it.

ingest: files into raw tables. transform: dbt. attribution, scoring: what is solved outside of SQL.
publish: releases. doors: how other tools get at one. defs: all of these as Dagster's graph, glue
only; run and runs start it and keep it alone. erasure: persons who asked to be forgotten. reports
and screen: what the command line (cli) says. simulate: a company to try it on. links: those that
people check before a launch. settings alone reads the environment; contracts are data.
"""
