"""Small sizes: the search for a counterexample, trials, and the repair of what was refuted."""
