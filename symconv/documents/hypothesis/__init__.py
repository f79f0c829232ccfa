"""One hypothesis: what forward formulas say of the relation, and gradients judged under it."""
