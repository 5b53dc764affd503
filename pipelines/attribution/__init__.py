"""The part of attribution that SQL can't say: what two data-driven models make of the journeys.

solve.py reads the journeys that dbt built, fits `markov` (chain.py) and `data_driven` (clocks.py:
by touches in hazard.py, by days in days.py) for each conversion type, and writes the tables of the
schema `solved`, which dbt reads as sources. Pure functions of numpy arrays but for the reading and
writing; when they run is in defs/.
"""
