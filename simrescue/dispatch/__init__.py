"""Dispatch policies: who is sent where."""
