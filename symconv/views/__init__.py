"""The forms in which a derivation is shown, one module each."""
