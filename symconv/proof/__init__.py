"""Proofs for every size: obligations, certificates, and checking them again."""
