"""The derivation for symbolic sizes: one sum, rewritten by named rules, each step checked."""
