"""The part of attribution that SQL can't say: what two data-driven models make of the journeys.

anew.py asks whether anything new reached the journeys that dbt built. If so, solve.py reads them,
fits `markov` (chain.py) and `data_driven` (clocks.py: by touches in hazard.py, by days in days.py)
for each conversion type, response.py learns what spend brings, and both write the tables of the
schema `solved`, which dbt reads as sources. Pure functions of numpy arrays but for the reading and
writing; when they run is in defs/.
"""
